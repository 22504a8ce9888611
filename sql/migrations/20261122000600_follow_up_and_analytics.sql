-- Phase 3: what is owed after a booking, a customer's history, projects, and who changed what.

create table public.follow_ups (
  id uuid primary key default gen_random_uuid(),
  booking_id uuid not null references public.bookings (id) on delete cascade,
  customer_metrics_id uuid references public.customer_metrics (id) on delete cascade,
  -- Null once the account of whoever had it is gone: the work remains.
  assigned_to uuid references auth.users (id) on delete set null,
  follow_up_type public.follow_up_type not null,
  priority public.priority_level not null default 'medium',
  status public.follow_up_status not null default 'pending',
  scheduled_date timestamptz,
  completed_date timestamptz,
  due_date timestamptz,
  title varchar(255) not null,
  notes text,
  outcome text,
  next_action varchar(255),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- Done ahead of its date is done; done before it was thought of is a mistake.
  constraint chk_follow_ups_dates_order check (
    completed_date is null
    or scheduled_date is null
    or completed_date >= scheduled_date
    or completed_date >= created_at
  )
);

create table public.customer_interactions (
  id uuid primary key default gen_random_uuid(),
  customer_metrics_id uuid references public.customer_metrics (id) on delete cascade,
  booking_id uuid references public.bookings (id) on delete cascade,
  interaction_type public.interaction_type not null,
  interaction_date timestamptz not null default now(),
  details jsonb,
  staff_member uuid references public.profiles (id) on delete set null,
  value_score smallint default 0 check (value_score >= 0 and value_score <= 100),
  conversion_potential public.conversion_potential not null default 'unknown'
);

create table public.projects (
  id uuid primary key default gen_random_uuid(),
  customer_metrics_id uuid not null references public.customer_metrics (id) on delete restrict,
  original_booking_id uuid references public.bookings (id) on delete set null,
  project_name varchar(255) not null,
  project_type text[],
  estimated_value decimal(12, 2),
  actual_value decimal(12, 2),
  status public.project_status not null default 'lead',
  start_date date,
  estimated_completion date,
  actual_completion date,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table public.audit_log (
  id uuid primary key default gen_random_uuid(),
  table_name varchar(100) not null,
  record_id uuid not null,
  operation public.audit_operation not null,
  old_values jsonb,
  new_values jsonb,
  changed_by uuid references auth.users (id) on delete set null,
  changed_at timestamptz not null default now(),
  ip_address inet,
  user_agent text
);

create index idx_follow_ups_due_date on public.follow_ups (due_date) where status = 'pending';
create index idx_follow_ups_open_due_date on public.follow_ups (due_date)
  where status in ('pending', 'in_progress', 'overdue');
create index idx_follow_ups_assigned_pending on public.follow_ups (assigned_to, status)
  where status = 'pending';
create index idx_follow_ups_assigned_to on public.follow_ups (assigned_to);
create index idx_follow_ups_booking on public.follow_ups (booking_id);
create index idx_follow_ups_customer_metrics on public.follow_ups (customer_metrics_id);

create index idx_customer_interactions_customer_metrics
  on public.customer_interactions (customer_metrics_id, interaction_date);
create index idx_customer_interactions_booking on public.customer_interactions (booking_id);
create index idx_customer_interactions_staff_member
  on public.customer_interactions (staff_member);

create index idx_projects_customer_metrics on public.projects (customer_metrics_id);
create index idx_projects_original_booking on public.projects (original_booking_id);

create index idx_audit_log_table_record on public.audit_log (table_name, record_id);
create index idx_audit_log_changed_at on public.audit_log (changed_at desc);
create index idx_audit_log_changed_by on public.audit_log (changed_by);
