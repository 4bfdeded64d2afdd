-- An account's own minimum notice of planned work (T8): what the account asks for, and which notices and rungs are for
-- such accounts alone.

alter table account
  add minimum_notice text check (minimum_notice ~ '^[1-9][0-9]{0,3}(bd|min|h|w|mo|y)$');  -- a lead, such as 20bd

alter table notice
  add minimums text[];                                -- told to accounts with one of these minimums alone; null: to everybody

alter table rung
  add minimums text[];                                -- the minimums of the accounts that it is for; null: for everybody
