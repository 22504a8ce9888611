// The confirmation of one booking. Texts of outside are set as text, never as HTML.

const TITLES = { confirmed: "Your consultation is booked", pending: "Your time is kept for you" };
const MISSING =
  "Not confirmed yet. Still missing: your payment where the service has a price, else our word. " +
  "We write to you.";

/**
 * @param {HTMLTemplateElement} template
 * @param {any} booking as it was pushed
 * @returns {HTMLElement | null} null: it cannot be understood
 */
export function drawCard(template, booking) {
  const start = instant(booking.start);
  if (typeof booking.reference !== "string" || !start) return null;
  const card = /** @type {HTMLElement} */ (template.content.firstElementChild.cloneNode(true));
  const fill = (name, text) => {
    const place = card.querySelector(`[data-part="${name}"]`);
    place.textContent = text;
    const row = place.closest("[data-row]");
    if (row) row.hidden = !text;
  };
  const pending = booking.status !== "confirmed";
  const zone = knownZone(booking.timezone);
  const format = (options) => new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...options });
  card.dataset.status = pending ? "pending" : "confirmed";
  fill("title", pending ? TITLES.pending : TITLES.confirmed);
  fill("weekday", format({ weekday: "long" }).format(start));
  fill("day", format({ day: "numeric" }).format(start));
  fill("month", format({ month: "long" }).format(start));
  fill("when", `${hours(format, start, instant(booking.end))}, ${placeOf(zone)} time`);
  fill("consultant", textOf(booking.consultant));
  fill("service", textOf(booking.service));
  fill("reference", booking.reference);
  fill("missing", pending ? MISSING : "");
  link(card, "calendar", booking.calendar_url, "");
  link(card, "change", booking.booking_url, "#change");
  link(card, "cancel", booking.booking_url, "#cancel");
  return card;
}

function link(card, name, address, place) {
  const anchor = card.querySelector(`a[data-link="${name}"]`);
  const url = webAddress(address);
  anchor.hidden = !url;
  if (url) anchor.href = url + place;
}

function hours(format, start, end) {
  const time = format({ hour: "2-digit", minute: "2-digit" });
  return end ? `${time.format(start)} to ${time.format(end)}` : time.format(start);
}

function instant(value) {
  const found = new Date(typeof value === "string" ? value : NaN);
  return Number.isNaN(found.getTime()) ? null : found;
}

function knownZone(name) {
  try {
    return new Intl.DateTimeFormat("en-GB", { timeZone: name }).resolvedOptions().timeZone;
  } catch {
    return "UTC";
  }
}

function placeOf(zone) {
  return zone.split("/").at(-1).replaceAll("_", " ");
}

function textOf(value) {
  return typeof value === "string" ? value : "";
}

function webAddress(value) {
  if (typeof value !== "string" || !URL.canParse(value, location.href)) return "";
  const url = new URL(value, location.href);
  return ["http:", "https:"].includes(url.protocol) ? url.href : "";
}
