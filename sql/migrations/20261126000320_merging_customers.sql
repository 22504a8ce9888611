-- Two records of one person become one without a deadlock, without losing a guest's only address, and with the lead score.

-- Whoever writes a consultation, booking, follow-up or project locks that row first and the
-- customer after it, by a trigger or a foreign key. So does this, always in the same order, with
-- what will move; what the kept customer has already stays untouched. The customers are locked
-- against new references too.
create function private.lock_to_merge(p_from uuid, p_into uuid) returns void
  language plpgsql security definer set search_path = ''
as $$
begin
  perform from public.voice_consultations v
    where v.customer_metrics_id = p_from order by v.id for no key update;
  perform from public.bookings b
    where b.customer_metrics_id = p_from order by b.id for no key update;
  perform from public.follow_ups f
    where f.customer_metrics_id = p_from order by f.id for no key update;
  perform from public.projects p
    where p.customer_metrics_id = p_from order by p.id for no key update;
  perform from public.customer_metrics c
    where c.id in (p_from, p_into) order by c.id for update;
end
$$;

create or replace function private.merge_customers(p_from uuid, p_into uuid) returns void
  language plpgsql security definer set search_path = ''
as $$
declare
  v_from public.customer_metrics;
  v_into public.customer_metrics;
begin
  perform private.lock_to_merge(p_from, p_into);
  select c.* into v_from from public.customer_metrics c where c.id = p_from;
  select c.* into v_into from public.customer_metrics c where c.id = p_into;
  if v_from.id is null or v_into.id is null or p_from = p_into
    or v_from.user_id <> v_into.user_id
  then
    raise check_violation using
      message = 'two customers become one: both exist, and at most one has an account',
      constraint = 'chk_customer_metrics_mergeable';
  end if;

  -- Bookings take their follow-ups with them and are counted for their new customer, by trigger.
  update public.bookings set customer_metrics_id = p_into where customer_metrics_id = p_from;
  update public.follow_ups set customer_metrics_id = p_into where customer_metrics_id = p_from;
  update public.customer_interactions
    set customer_metrics_id = p_into where customer_metrics_id = p_from;
  update public.projects set customer_metrics_id = p_into where customer_metrics_id = p_from;
  update public.voice_consultations
    set customer_metrics_id = p_into where customer_metrics_id = p_from;
  -- Of two lead scores the higher one stays.
  delete from public.lead_scores s
  using public.lead_scores o
  where s.customer_metrics_id in (p_from, p_into)
    and o.customer_metrics_id in (p_from, p_into)
    and (s.score, s.customer_metrics_id = p_into) < (o.score, o.customer_metrics_id = p_into);
  update public.lead_scores set customer_metrics_id = p_into where customer_metrics_id = p_from;

  -- First the one goes, then the other gets its address: the address is unique.
  delete from public.customer_metrics where id = p_from;
  update public.customer_metrics c
  set
    user_id = coalesce(c.user_id, v_from.user_id),
    -- A record with an account has the account's own address.
    email = case
      when c.user_id is null and v_from.user_id is not null then coalesce(v_from.email, c.email)
      else coalesce(c.email, v_from.email)
    end,
    phone = coalesce(c.phone, v_from.phone),
    -- Churned is no strength: who came back under another name is as good as that lead.
    lead_quality = case
      when v_from.lead_quality = 'churned' then c.lead_quality
      when c.lead_quality = 'churned' then v_from.lead_quality
      else greatest(c.lead_quality, v_from.lead_quality)
    end,
    status = case when c.status = 'prospect' then v_from.status else c.status end,
    last_interaction_date = greatest(c.last_interaction_date, v_from.last_interaction_date),
    do_not_contact_at = least(c.do_not_contact_at, v_from.do_not_contact_at)
  where c.id = p_into;
  perform private.recount_customer(p_into);
end
$$;

revoke all on function private.lock_to_merge(uuid, uuid) from public;
grant execute on function private.lock_to_merge(uuid, uuid) to service_role;
