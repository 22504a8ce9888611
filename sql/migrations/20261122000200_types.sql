-- Every enum before the tables that use it, and the numbers of the booking references.

create type public.user_role as enum ('customer', 'admin', 'consultant', 'sales');
create type public.contact_method as enum ('email', 'phone', 'both');
create type public.lead_quality_enum as enum (
  'unqualified', 'qualified', 'hot', 'converted', 'churned'
);
create type public.customer_status as enum ('prospect', 'active', 'inactive', 'churned', 'vip');
create type public.lead_source_enum as enum (
  'website_booking', 'referral', 'social_media', 'google_ads',
  'linkedin', 'email_campaign', 'cold_outreach', 'partnership'
);
create type public.service_booking_type as enum ('scheduled', 'immediate');
create type public.booking_status as enum (
  'pending', 'confirmed', 'in_progress', 'completed', 'cancelled', 'no_show', 'rescheduled'
);
create type public.payment_status as enum (
  'pending', 'processing', 'paid', 'failed', 'refunded', 'waived'
);
create type public.follow_up_type as enum (
  'email', 'phone_call', 'proposal_send', 'contract_discussion',
  'project_kickoff', 'check_in', 'upsell', 'feedback_request'
);
create type public.follow_up_status as enum (
  'pending', 'in_progress', 'completed', 'cancelled', 'failed', 'overdue'
);
create type public.priority_level as enum ('low', 'medium', 'high', 'urgent');
create type public.interaction_type as enum (
  'booking_created', 'consultation_completed', 'proposal_sent',
  'contract_signed', 'project_started', 'project_completed',
  'referral_made', 'review_left', 'complaint_filed'
);
create type public.conversion_potential as enum ('unknown', 'low', 'medium', 'high', 'converted');
create type public.project_status as enum (
  'lead', 'qualified', 'proposal_sent', 'negotiation',
  'signed', 'in_progress', 'completed', 'cancelled'
);
create type public.audit_operation as enum ('INSERT', 'UPDATE', 'DELETE');

-- Seven digits are what a 20-character reference has room for; the date in front of them keeps a
-- number unique when it comes round again.
create sequence public.booking_ref_seq start 1 maxvalue 9999999 cycle;
