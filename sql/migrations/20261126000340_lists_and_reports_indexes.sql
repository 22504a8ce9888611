-- Lists in pages and reports over a range of time read what they show, not the whole table.

create index idx_customer_metrics_created_at on public.customer_metrics (created_at desc, id desc);
create index idx_projects_created_at on public.projects (created_at desc, id desc);
create index idx_bookings_created_at on public.bookings (created_at);
create index idx_voice_consultations_begun_at
  on public.voice_consultations ((coalesce(started_at, created_at)) desc, id desc);
create index idx_follow_ups_open_by_time
  on public.follow_ups ((coalesce(due_date, created_at)), id)
  where status in ('pending', 'in_progress', 'overdue');
