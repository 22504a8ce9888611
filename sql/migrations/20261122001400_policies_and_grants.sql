-- Who may do what: first all is taken away, since Supabase's defaults may have given it to all.

revoke all on
  public.profiles, public.customer_metrics, public.services, public.bookings,
  public.availability_templates, public.availability_overrides, public.slot_holds,
  public.follow_ups, public.customer_interactions, public.projects, public.audit_log,
  public.voice_consultations, public.voice_turns, public.voice_events
  from public, anon, authenticated, service_role;
revoke all on sequence public.booking_ref_seq from public, anon, authenticated, service_role;
revoke all on function
  public.get_user_email(uuid),
  public.get_user_phone(uuid),
  public.get_customer_email(uuid, text),
  public.get_customer_data(uuid, text),
  public.audit_trigger_function(),
  public.handle_new_user(),
  public.update_user_profile(
    uuid, text, text, text, text, text, public.contact_method, boolean
  ),
  public.get_user_profile(uuid),
  public.generate_booking_reference(),
  public.set_booking_reference(),
  public.set_smart_payment_status(),
  public.update_customer_stats(),
  public.auto_promote_lead_quality(),
  public.calculate_lead_score(decimal, text, text)
  from public, anon, authenticated, service_role;
revoke all on all functions in schema private from public;

grant usage on schema public to anon, authenticated, service_role;
grant usage on schema private to authenticated, service_role;

-- The service.
grant select, insert, update, delete on
  public.profiles, public.customer_metrics, public.services, public.bookings,
  public.availability_templates, public.availability_overrides, public.slot_holds,
  public.follow_ups, public.customer_interactions, public.projects,
  public.voice_consultations, public.voice_turns, public.voice_events
  to service_role;
-- What has happened has happened: not even the service rewrites it.
grant select, insert on public.audit_log to service_role;
grant usage, select on sequence public.booking_ref_seq to service_role;

-- People who signed in; the policies below say which rows. The website's upserts name id and
-- updated_at too: neither can be changed to anything, a policy and a trigger see to that.
grant select, insert on public.profiles to authenticated;
grant update (
  id, updated_at, first_name, last_name, company, timezone, avatar_url, bio,
  preferred_contact_method, marketing_consent
) on public.profiles to authenticated;
grant select, insert, update on public.bookings to authenticated;
grant select, insert, update, delete on
  public.customer_metrics, public.services, public.availability_templates,
  public.availability_overrides, public.follow_ups, public.customer_interactions, public.projects
  to authenticated;
grant select on public.audit_log, public.voice_consultations, public.voice_turns to authenticated;

-- Visitors of the website.
grant select on public.services to anon;

-- Checks of a table run with the rights of whoever writes the row.
grant execute on function
  private.is_email(text), private.is_phone(text), private.is_timezone(text),
  private.is_customer_data(jsonb)
  to authenticated, service_role;
grant execute on function
  private.is_service(), private.is_staff(), private.is_admin(), private.is_team(),
  private.my_email()
  to authenticated, service_role;
grant execute on function
  private.lock_slot(uuid, uuid, timestamptz, timestamptz),
  private.local_date(uuid, timestamptz),
  private.find_account(text),
  private.merge_customers(uuid, uuid)
  to service_role;
grant execute on function
  public.get_user_email(uuid),
  public.get_user_phone(uuid),
  public.get_customer_email(uuid, text),
  public.get_customer_data(uuid, text),
  public.update_user_profile(
    uuid, text, text, text, text, text, public.contact_method, boolean
  ),
  public.get_user_profile(uuid),
  public.generate_booking_reference(),
  public.calculate_lead_score(decimal, text, text)
  to authenticated, service_role;

alter table public.profiles enable row level security;
alter table public.customer_metrics enable row level security;
alter table public.services enable row level security;
alter table public.bookings enable row level security;
alter table public.availability_templates enable row level security;
alter table public.availability_overrides enable row level security;
alter table public.slot_holds enable row level security;
alter table public.follow_ups enable row level security;
alter table public.customer_interactions enable row level security;
alter table public.projects enable row level security;
alter table public.audit_log enable row level security;
alter table public.voice_consultations enable row level security;
alter table public.voice_turns enable row level security;
alter table public.voice_events enable row level security;

-- The service's own login may be a mere member of service_role, without the right to pass row
-- security.
create policy "Service manages all profiles" on public.profiles
  to service_role using (true) with check (true);
create policy "Service manages all customer metrics" on public.customer_metrics
  to service_role using (true) with check (true);
create policy "Service manages all services" on public.services
  to service_role using (true) with check (true);
create policy "Service manages all bookings" on public.bookings
  to service_role using (true) with check (true);
create policy "Service manages all availability templates" on public.availability_templates
  to service_role using (true) with check (true);
create policy "Service manages all availability overrides" on public.availability_overrides
  to service_role using (true) with check (true);
create policy "Service manages all slot holds" on public.slot_holds
  to service_role using (true) with check (true);
create policy "Service manages all follow-ups" on public.follow_ups
  to service_role using (true) with check (true);
create policy "Service manages all interactions" on public.customer_interactions
  to service_role using (true) with check (true);
create policy "Service manages all projects" on public.projects
  to service_role using (true) with check (true);
create policy "Service can view audit logs" on public.audit_log
  for select to service_role using (true);
create policy "Service can add to audit logs" on public.audit_log
  for insert to service_role with check (true);
create policy "Service manages all voice consultations" on public.voice_consultations
  to service_role using (true) with check (true);
create policy "Service manages all voice turns" on public.voice_turns
  to service_role using (true) with check (true);
create policy "Service manages all voice events" on public.voice_events
  to service_role using (true) with check (true);

create policy "Users can view own profile" on public.profiles
  for select to authenticated using ((select auth.uid()) = id);
create policy "Users can update own profile" on public.profiles
  for update to authenticated
  using ((select auth.uid()) = id) with check ((select auth.uid()) = id);
create policy "Users can insert own profile" on public.profiles
  for insert to authenticated
  with check ((select auth.uid()) = id and role = 'customer' and not is_staff);
create policy "Staff can view all profiles" on public.profiles
  for select to authenticated using ((select private.is_staff()));

create policy "Users can view own customer metrics" on public.customer_metrics
  for select to authenticated
  using (user_id = (select auth.uid()) or lower(email) = (select private.my_email()));
create policy "Staff can manage all customer metrics" on public.customer_metrics
  to authenticated
  using ((select private.is_staff())) with check ((select private.is_staff()));

create policy "Everybody can view active services" on public.services
  for select to anon, authenticated using (is_active);
create policy "Staff can manage all services" on public.services
  to authenticated
  using ((select private.is_staff())) with check ((select private.is_staff()));

create policy "Staff can view all bookings" on public.bookings
  for select to authenticated using ((select private.is_staff()));
create policy "Users can view own bookings" on public.bookings
  for select to authenticated
  using (
    user_id = (select auth.uid())
    or lower(customer_data ->> 'email') = (select private.my_email())
  );
-- Customers book through the service, which checks price, slot and status.
create policy "Staff can insert bookings" on public.bookings
  for insert to authenticated with check ((select private.is_staff()));
create policy "Staff can update bookings" on public.bookings
  for update to authenticated
  using ((select private.is_staff())) with check ((select private.is_staff()));

create policy "Staff can manage all availability templates" on public.availability_templates
  to authenticated
  using ((select private.is_staff())) with check ((select private.is_staff()));
create policy "Staff can manage all availability overrides" on public.availability_overrides
  to authenticated
  using ((select private.is_staff())) with check ((select private.is_staff()));

create policy "Staff can manage all follow-ups" on public.follow_ups
  to authenticated
  using ((select private.is_staff())) with check ((select private.is_staff()));
create policy "Users can view own follow-ups" on public.follow_ups
  for select to authenticated
  using (
    exists (
      select from public.bookings b
      where b.id = follow_ups.booking_id
        and (
          b.user_id = (select auth.uid())
          or lower(b.customer_data ->> 'email') = (select private.my_email())
        )
    )
  );

create policy "Staff can manage all interactions" on public.customer_interactions
  to authenticated
  using ((select private.is_staff())) with check ((select private.is_staff()));
create policy "Staff can manage all projects" on public.projects
  to authenticated
  using ((select private.is_staff())) with check ((select private.is_staff()));

create policy "Only admins can view audit logs" on public.audit_log
  for select to authenticated using ((select private.is_admin()));

create policy "Staff can view all voice consultations" on public.voice_consultations
  for select to authenticated using ((select private.is_staff()));
create policy "Staff can view all voice turns" on public.voice_turns
  for select to authenticated using ((select private.is_staff()));
