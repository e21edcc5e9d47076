-- The raw tables for SQLite. Times are texts that its date functions read.
create table codes (
    code text not null,
    group_name text not null,
    start_date text,
    expiry_date text,
    redemption_type text,
    redemption_quantity integer,
    item_code text,
    parent_code text,
    redemption_time text,
    folder text,
    prefix text,
    batch text
);

create table transactions (
    transaction_id text,
    time text not null,
    code text not null,
    group_name text,
    campaign_id text,
    campaign_name text,
    site_ref text,
    cancelled integer not null,
    code_deleted integer not null,
    from_codes_file integer not null,
    folder text,
    prefix text,
    batch text
);
