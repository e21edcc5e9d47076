-- The store's tables. The grain of each stands above it. No key and no index:
-- they would have to fit memory; the imports keep the keys unique instead.

-- One row: the version of this schema.
create table if not exists vouchers.store (
    schema_version integer not null,
    -- On a lake: what the rows were before this import, and before each later
    -- one, the files below tell.
    known_from integer,
);

-- One row per import of a file, oldest first.
create table if not exists vouchers.imports (
    import_id integer not null,
    file varchar not null,
    kind varchar not null, -- codes or transactions
    folder varchar,
    prefix varchar,
    batch varchar,
    imported_at timestamp not null, -- wall clock of the importing machine
    rows bigint not null,
    new bigint not null,
    updated bigint not null,
    unchanged bigint not null,
    duplicates bigint not null,
    is_sample boolean not null,
    sha256 varchar not null, -- of the file; names its original
    bytes bigint not null,
    encoding varchar not null,
    only_group varchar, -- where all its rows are of one group
    undone_at timestamp, -- if undone: none of its rows are in the store then
    exported_at timestamp, -- what its file is a picture of
);

-- One row per kind of oddity that an import had, with the lines of the first.
create table if not exists vouchers.warnings (
    import_id integer not null,
    kind varchar not null,
    rows bigint not null,
    lines bigint[] not null, -- at most five
    detail varchar,
);

-- One row per code or transaction that an import changed, and per way in which
-- it did. New ones are not here: they have the import's ID in their own table.
create table if not exists vouchers.changes (
    import_id integer not null,
    change varchar not null,
    group_name varchar,
    code varchar not null,
    transaction_id varchar,
);

-- One row per code: (group_name, code).
create table if not exists vouchers.codes (
    code_id bigint not null,
    code varchar not null,
    group_name varchar not null,
    start_date timestamp,
    expiry_date timestamp, -- exclusive
    redemption_type varchar,
    redemption_quantity bigint,
    item_code varchar,
    parent_code varchar,
    redemption_time timestamp,
    -- from the person who imported the code, not from the file
    folder varchar,
    prefix varchar,
    batch varchar,
    import_id integer not null, -- the import that brought the code first
    -- from the redemptions below, by importing/8_refresh.sql
    scans bigint not null, -- not cancelled
    first_redeemed timestamp,
    first_cancelled timestamp,
    first_deleted timestamp,
);

-- One row per redemption: a transaction (transaction_id), or the redemption
-- of a code that only its codes file knows of (from_codes_file, no ID).
create table if not exists vouchers.transactions (
    transaction_id varchar,
    time timestamp not null,
    code varchar not null,
    group_name varchar,
    campaign_id varchar,
    campaign_name varchar,
    site_ref varchar,
    cancelled boolean not null,
    code_deleted boolean not null,
    own_folder varchar, -- own_*: from the person who imported the row
    own_prefix varchar,
    own_batch varchar,
    import_id integer not null,
    from_codes_file boolean not null,
    -- those of the stored code; without one, code_id is null and folder and
    -- batch are the row's own
    code_id bigint,
    folder varchar,
    prefix varchar,
    batch varchar,
    redemption_type varchar,
    redemption_quantity bigint,
    item_code varchar,
    start_date timestamp,
    expiry_date timestamp,
    -- when the same code was redeemed before: of two redemptions that are not
    -- cancelled the earlier one's time, by totals/3_previous_times.sql
    previous_time timestamp,
);

-- One row per file of codes or transactions, where the rows lie on a lake: then
-- the two tables above are views of the files in force, which no import has
-- replaced. A row keeps its position, as it keeps its place in a table; those
-- of two files in force never overlap. What the rows were before an import lies
-- in the files that an earlier one has written and no earlier one replaced.
create table if not exists vouchers.files (
    kind varchar not null, -- codes or transactions
    name varchar not null, -- in the lake's folder
    rows bigint not null,
    first_position bigint not null, -- 0 and -1 where it has no row
    last_position bigint not null,
    last_code_id bigint, -- the highest of its codes
    from_import integer not null, -- that wrote it, or the newest of then
    until_import integer, -- that replaced it; null while it is in force
);

-- Totals, updated in the same transaction as the rows by totals/*.sql, so that
-- a view need not count them. No code of a kind lies outside first_code and
-- last_code.

-- One row per kind of code: those that have all of this in common. *_day: the
-- midnight that ends the day of first_redeemed, first_cancelled, first_deleted.
create table if not exists vouchers.code_totals (
    folder varchar,
    group_name varchar not null,
    prefix varchar,
    batch varchar,
    redemption_type varchar,
    item_code varchar,
    start_date timestamp,
    expiry_date timestamp,
    redeemed_day timestamp,
    cancelled_day timestamp,
    deleted_day timestamp,
    import_id integer not null,
    -- whole days from start_date to first_redeemed, negative before the start
    redeemed_age bigint,
    codes bigint not null,
    bytes bigint not null, -- in a CSV file, about
    formula_like bigint not null,
    first_code varchar not null,
    last_code varchar not null,
);

-- One row per hour and kind of redemption.
create table if not exists vouchers.redemption_totals (
    folder varchar,
    group_name varchar,
    prefix varchar,
    batch varchar,
    redemption_type varchar,
    item_code varchar,
    campaign_id varchar,
    campaign_name varchar,
    cancelled boolean not null,
    from_codes_file boolean not null,
    is_known boolean not null, -- the code is stored
    hour timestamp not null,
    previous_day timestamp, -- the midnight before previous_time
    -- the dates of codes that were redeemed outside them, else null
    early_start timestamp,
    late_expiry timestamp,
    redemptions bigint not null,
    units bigint not null,
    units_unknown bigint not null,
    bytes bigint not null,
    formula_like bigint not null,
    first_code varchar not null,
    last_code varchar not null,
);

-- One row per site and kind of redemption, of all times together.
create table if not exists vouchers.site_totals (
    folder varchar,
    group_name varchar,
    prefix varchar,
    batch varchar,
    redemption_type varchar,
    item_code varchar,
    campaign_id varchar,
    campaign_name varchar,
    cancelled boolean not null,
    from_codes_file boolean not null,
    is_known boolean not null,
    site_ref varchar,
    redemptions bigint not null,
    first_code varchar not null,
    last_code varchar not null,
);
