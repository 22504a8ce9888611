// What becomes of the conversation with us: our own bookings, pushed while and after it lasts.

const FINAL = ["completed", "failed"];

/**
 * @param {unknown} address as the session's answer gave it; anything else means there is no news
 * @param {{onBooking: (booking: any) => void, onStatus: (status: string) => void}} listener
 * @returns {() => void} stops listening
 */
export function listenForNews(address, { onBooking, onStatus }) {
  if (typeof address !== "string" || !address) return () => {};
  const source = new EventSource(onThisHost(address));
  source.addEventListener("booking", (event) => {
    const booking = read(event.data);
    if (booking) onBooking(booking);
  });
  source.addEventListener("status", (event) => {
    const status = read(event.data)?.status;
    if (typeof status !== "string") return;
    if (FINAL.includes(status)) source.close();
    onStatus(status);
  });
  return () => source.close();
}

// The page may have been opened under another of this machine's names.
function onThisHost(address) {
  const url = new URL(address, location.href);
  return `${url.pathname}${url.search}`;
}

function read(data) {
  try {
    const value = JSON.parse(data);
    return value !== null && typeof value === "object" && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}
