-- Cohorts: the chosen codes that share a batch, a group, a folder or the month
-- of their start, by the age at which they were redeemed first.

create macro cohort_of(choice, batch, group_name, folder, start_date) as
    case choice
        when 'batch' then coalesce(batch, '(no batch)')
        when 'group' then coalesce(group_name, '(no group)')
        when 'folder' then coalesce(folder, '(no folder)')
        when 'month' then strftime(start_date, '%Y-%m')
        else error('Cohorts are of a batch, group, folder or month.')
    end;

-- One row per kind of chosen code with a start: the name of its cohort, its age
-- in whole days at the moment, and its age at its first redemption, if any.
create macro cohort_codes(totals, f, choice, moment) as table
select
    cohort_of(choice, batch, group_name, folder, start_date) as name,
    age_of(start_date, moment) as age,
    redeemed_age,
    codes,
from chosen_code_totals(totals, f)
where start_date is not null;
