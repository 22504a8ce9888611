-- The value of a project says in which currency it is; null for projects made before, or without a value.

alter table public.projects add column currency char(3)
  constraint chk_projects_currency_format check (currency ~ '^[A-Z]{3}$');
alter table public.projects
  add constraint chk_projects_values_positive
    check (estimated_value >= 0 and actual_value >= 0) not valid;
