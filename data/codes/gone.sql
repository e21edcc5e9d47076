-- Codes of the file at $path, the last of the same scope, that the incoming
-- one no longer holds.
insert into vouchers.changes
select distinct
    $import_id as import_id,
    'gone' as change,
    before."Group_Name" as group_name,
    before."Code" as code,
    null as transaction_id,
from read_csv(
    $path,
    auto_detect = false, header = true, strict_mode = true,
    compression = 'none',
    delim = ',', quote = '"', escape = '"', comment = '',
    columns = {
        'Code': 'varchar',
        'Group_Name': 'varchar',
        'Start_Date': 'varchar',
        'Expiry_Date': 'varchar',
        'Aztec_Redemption_Type': 'varchar',
        'Aztec_Redemption_Quantity': 'varchar',
        'Aztec_Item_Code': 'varchar',
        'Parent_Code': 'varchar',
        'Redemption_Time': 'varchar'
    }
) as before
anti join incoming
    on incoming.code = before."Code"
    and incoming.group_name = before."Group_Name"
