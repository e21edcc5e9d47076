-- Which code a row stands for that a person sees masked, and which its parent
-- is: to open its page, never to be shown.
-- One row; none where the person does not see the code.
select group_name, code, parent_code
from seen_codes($filters)
where code_id = $code_id
