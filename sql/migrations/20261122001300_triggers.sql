-- Every trigger in one place. Those of one table run in the order of their names.

create function private.touch() returns trigger
  language plpgsql set search_path = ''
as $$
begin
  new.updated_at := now();
  return new;
end
$$;

-- prepare, set_payment_status, set_reference, take_seat, touch: each needs what came before it.
create trigger tr_bookings_prepare
  before insert or update on public.bookings
  for each row execute function private.prepare_booking();
create trigger tr_bookings_set_payment_status
  before insert on public.bookings
  for each row execute function public.set_smart_payment_status();
create trigger tr_bookings_set_reference
  before insert on public.bookings
  for each row execute function public.set_booking_reference();
create trigger tr_bookings_take_seat
  before insert or update on public.bookings
  for each row execute function private.seat_booking();
create trigger tr_bookings_update_customer_stats
  after insert or update or delete on public.bookings
  for each row execute function public.update_customer_stats();

create trigger tr_slot_holds_take_seat
  before insert or update on public.slot_holds
  for each row execute function private.seat_hold();

create trigger tr_customer_metrics_auto_promote
  before update of total_bookings, total_revenue on public.customer_metrics
  for each row execute function public.auto_promote_lead_quality();

create trigger tr_profiles_sync_role
  before insert or update of role, is_staff on public.profiles
  for each row execute function private.sync_role();

create trigger tr_follow_ups_complete
  before insert or update on public.follow_ups
  for each row execute function private.complete_follow_up();

create trigger tr_voice_consultations_sync_verdict
  before insert or update of lead_qualified, lead_verdict on public.voice_consultations
  for each row execute function private.sync_verdict();

create trigger tr_profiles_touch before update on public.profiles
  for each row execute function private.touch();
create trigger tr_customer_metrics_touch before update on public.customer_metrics
  for each row execute function private.touch();
create trigger tr_services_touch before update on public.services
  for each row execute function private.touch();
create trigger tr_bookings_touch before update on public.bookings
  for each row execute function private.touch();
create trigger tr_availability_templates_touch before update on public.availability_templates
  for each row execute function private.touch();
create trigger tr_availability_overrides_touch before update on public.availability_overrides
  for each row execute function private.touch();
create trigger tr_follow_ups_touch before update on public.follow_ups
  for each row execute function private.touch();
create trigger tr_projects_touch before update on public.projects
  for each row execute function private.touch();
create trigger tr_voice_consultations_touch before update on public.voice_consultations
  for each row execute function private.touch();

create trigger tr_profiles_audit after insert or update or delete on public.profiles
  for each row execute function public.audit_trigger_function();
create trigger tr_customer_metrics_audit after insert or update or delete on public.customer_metrics
  for each row execute function public.audit_trigger_function();
create trigger tr_services_audit after insert or update or delete on public.services
  for each row execute function public.audit_trigger_function();
create trigger tr_bookings_audit after insert or update or delete on public.bookings
  for each row execute function public.audit_trigger_function();
create trigger tr_availability_templates_audit
  after insert or update or delete on public.availability_templates
  for each row execute function public.audit_trigger_function();
create trigger tr_availability_overrides_audit
  after insert or update or delete on public.availability_overrides
  for each row execute function public.audit_trigger_function();
create trigger tr_follow_ups_audit after insert or update or delete on public.follow_ups
  for each row execute function public.audit_trigger_function();
create trigger tr_projects_audit after insert or update or delete on public.projects
  for each row execute function public.audit_trigger_function();
create trigger tr_voice_consultations_audit
  after insert or update or delete on public.voice_consultations
  for each row execute function public.audit_trigger_function();

-- On Supabase auth.users belongs to somebody else: a trigger may be made there, never dropped.
create or replace trigger on_auth_user_created
  after insert on auth.users
  for each row execute function public.handle_new_user();
create or replace trigger on_auth_user_confirmed
  after insert or update of email, email_confirmed_at on auth.users
  for each row execute function private.adopt_customer();
create or replace trigger on_auth_user_deleted
  before delete on auth.users
  for each row execute function private.keep_customer_of_deleted_user();
