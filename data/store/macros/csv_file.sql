-- How a file is read.

-- A file of Voucher Manager, every column as text: sniffing turns the code 1E5
-- into 100000. new_line is left out: with '\r\n' given, DuckDB 2.0 reads no
-- row at all and reports no error. A named argument must not have the name of a
-- parameter of the macro.
-- One row per row of the file, in its order.
create macro csv_file(file, names) as table
from read_csv(
    file,
    columns = names,
    auto_detect = false, header = true, strict_mode = true,
    compression = 'none',
    delim = ',', quote = '"', escape = '"', comment = ''
);
