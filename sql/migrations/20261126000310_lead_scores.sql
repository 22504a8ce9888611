-- How promising a customer is, with the reasons: a table of its own, since customers may read their own row of customer_metrics.

create table public.lead_scores (
  customer_metrics_id uuid primary key
    references public.customer_metrics (id) on delete cascade,
  score smallint not null,
  reasons jsonb not null default '[]'::jsonb,
  -- The conversation it was judged from: judged again, its new score replaces the old one.
  conversation_id text,
  judged_at timestamptz not null,
  constraint chk_lead_scores_score check (score between 0 and 100),
  constraint chk_lead_scores_reasons_array check (jsonb_typeof(reasons) = 'array')
);

revoke all on public.lead_scores from public, anon, authenticated, service_role;
grant select, insert, update, delete on public.lead_scores to service_role;
grant select on public.lead_scores to authenticated;

alter table public.lead_scores enable row level security;
create policy "Service manages all lead scores" on public.lead_scores
  to service_role using (true) with check (true);
create policy "Staff can view all lead scores" on public.lead_scores
  for select to authenticated using ((select private.is_staff()));
