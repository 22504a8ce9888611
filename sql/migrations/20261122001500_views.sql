-- Reports that keep to the reader's rights, count what was earned, and know no reader's time zone.

create view public.monthly_booking_stats with (security_invoker = true) as
select
  date_trunc('month', created_at, 'UTC') as month,
  count(*) as total_bookings,
  count(*) filter (where status = 'completed') as completed_bookings,
  coalesce(sum(payment_amount) filter (where payment_status = 'paid'), 0) as total_revenue,
  avg(lead_score) as avg_lead_score
from public.bookings
where (select private.is_team())
group by date_trunc('month', created_at, 'UTC');

create view public.customer_conversion_funnel with (security_invoker = true) as
select
  lead_quality,
  count(*) as customers,
  avg(total_revenue) as avg_revenue,
  count(*) filter (where total_bookings > 1) as repeat_customers
from public.customer_metrics
where (select private.is_team())
group by lead_quality;

create view public.service_performance with (security_invoker = true) as
select
  s.name,
  s.price,
  count(b.id) as total_bookings,
  count(b.id) filter (where b.status = 'completed') as completed_bookings,
  avg(b.lead_score) as avg_lead_score,
  coalesce(sum(b.payment_amount) filter (where b.payment_status = 'paid'), 0) as total_revenue
from public.services s
left join public.bookings b on b.service_id = s.id
where (select private.is_team())
group by s.id, s.name, s.price;

revoke all on
  public.monthly_booking_stats, public.customer_conversion_funnel, public.service_performance
  from public, anon, authenticated, service_role;
grant select on
  public.monthly_booking_stats, public.customer_conversion_funnel, public.service_performance
  to authenticated, service_role;
