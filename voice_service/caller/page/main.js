// Puts the page together: what people do and what a conversation tells become events of one state.

import { Call } from "./call.js";
import { Captions } from "./captions.js";
import { listenForNews } from "./news.js";
import { Ring } from "./ring.js";
import { START, next } from "./state.js";
import { View } from "./view.js";

const NEWS_LASTS = 5 * 60 * 1000; // milliseconds after the end; longer, nobody looks
const STILL_LOOKING = 90 * 1000; // milliseconds after which "one moment" would not be true

const view = new View();
const ring = new Ring(view.ring);
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const embedded = window.parent !== window;

let state = START;
let call = null;
let captions = new Captions({ silent: true });
let stopNews = () => {};
let newsTimers = [];
let beganAt = NaN;

function dispatch(event) {
  const before = state;
  state = next(state, event);
  if (state === before) return;
  view.showState(state);
  if (embedded && state.phase !== before.phase) {
    const live = ["asking", "connecting", "talking"].includes(state.phase);
    window.parent.postMessage({ type: "voice:state", live }, "*");
  }
}

function begin(kind, firstWords = "") {
  stopListening();
  view.clear();
  captions = new Captions({ silent: kind === "text" });
  const beginning = new Call(kind, (event) => {
    if (call === beginning) heard(event);
  });
  call = beginning;
  dispatch({ type: "start", kind });
  beginning.begin(firstWords);
}

function heard(event) {
  const now = performance.now();
  (HEARD[event.type] ?? dispatch)(event, now);
}

const HEARD = {
  connected(event, now) {
    beganAt = now;
    dispatch(event);
    tick();
    stopNews = listenForNews(event.eventsUrl, {
      onBooking: (booking) => {
        if (view.showBooking(booking)) dispatch({ type: "booked", status: booking.status });
      },
      onStatus: (status) => dispatch({ type: "progress", status }),
    });
  },
  said({ who, text, eventId }, now) {
    const line =
      who === "agent" ? captions.agentSaid(text, eventId, now) : captions.callerSaid(text, now);
    if (line) view.showLine(line);
  },
  sound({ eventId, length, letters }, now) {
    captions.soundCame(eventId, length, letters, now);
  },
  interrupted(_, now) {
    captions.interrupted(now);
  },
  corrected({ correction }) {
    const { event_id, original_agent_response, corrected_agent_response } = correction ?? {};
    const line = captions.corrected(event_id, original_agent_response, corrected_agent_response);
    if (line) view.showLine(line);
  },
  mode(event, now) {
    if (event.mode === "listening") captions.fellSilent(now);
    dispatch(event);
  },
  ended(event) {
    dispatch(event);
    if (event.by === "agent") view.showSpoken([]); // she has had her say
    over();
  },
  lost(event) {
    dispatch(event);
    over();
  },
};

function over() {
  ring.rest();
  newsTimers = [
    setTimeout(() => {
      if (["in_progress", "processing"].includes(state.progress)) dispatch({ type: "progress", status: "" });
    }, STILL_LOOKING),
    setTimeout(stopListening, NEWS_LASTS),
  ];
}

function stopListening() {
  newsTimers.forEach(clearTimeout);
  stopNews();
  stopNews = () => {};
}

// --- what moves while a conversation lasts

function draw() {
  if (state.phase !== "talking") return;
  const now = performance.now();
  if (state.kind === "voice") {
    const unheard = captions.lines.filter((line) => !line.heard);
    view.showSpoken(unheard.map((line) => ({ line, spoken: captions.spoken(line, now) })));
    if (!calm.matches) {
      const { volume, bands } = call.sound(state.mode);
      ring.show(volume, bands, now);
    }
  }
  requestAnimationFrame(draw);
}

function tick() {
  requestAnimationFrame(draw);
  const timer = setInterval(() => {
    if (state.phase === "talking") view.showTime((performance.now() - beganAt) / 1000);
    else clearInterval(timer);
  }, 500);
  view.showTime(0);
}

// --- what people do

view.start.addEventListener("click", () => begin("voice"));
view.type.addEventListener("click", () => view.input.focus());
view.end.addEventListener("click", () => call?.end());
view.captions.addEventListener("click", () => view.toggleCaptions());
view.larger.addEventListener("click", () => view.toggleLargerText());
view.mute.addEventListener("click", () => {
  call?.mute(!state.muted);
  dispatch({ type: "mute", muted: !state.muted });
});
view.input.addEventListener("input", () => call?.typing(performance.now()));
view.form.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = view.input.value.trim();
  if (!text) return;
  if (state.phase !== "talking") begin("text", text);
  else if (!call?.say(text)) return;
  view.input.value = "";
});
window.addEventListener("resize", () => view.followLines());
window.addEventListener("offline", () => call?.lose());
window.addEventListener("keydown", (event) => {
  if (embedded && event.key === "Escape") window.parent.postMessage({ type: "voice:close" }, "*");
});

view.showState(state);
view.open();
