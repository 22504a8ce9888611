// Every state in words. Pure.

/** @typedef {import("./state.js").State} State */

const MICROPHONE = {
  denied:
    "Your browser does not let this page use it. Press the symbol beside the page's address, " +
    "allow the microphone, then try again.",
  missing: "Your device has none that we can find. Plug one in and try again.",
  busy: "Another program seems to be using it. Close that program and try again.",
  insecure: "Browsers lend it only to pages whose address begins with https.",
};

const ONE_MOMENT = "One moment, we are looking at our calendar.";
const AFTERWARDS = {
  in_progress: ONE_MOMENT,
  processing: ONE_MOMENT,
  failed: "Something went wrong on our side. Please contact us again.",
};

const BOOKED = {
  confirmed: "Your booking stands on this page.",
  pending: "Your time is kept for you; the page says what is still missing.",
};

const PHASES = {
  before: () => ["Ready when you are", "Press the button and allow the microphone, or type."],
  asking: () => ["May we hear you?", "Your browser asks whether this page may use the microphone."],
  connecting: () => ["Connecting", "One moment, please."],
  refused: (state) => [
    "No microphone",
    `${known(MICROPHONE, state.reason) ?? MICROPHONE.missing} You can also type.`,
  ],
  failed: (state) => ["No connection", state.reason || "We cannot be reached. Please try again."],
  talking: (state, agent) => talking(state, agent),
  lost: (state) => [
    "Connection lost",
    `${sentence(state.reason)}What you said is kept. Starting again begins a new conversation.`,
  ],
  ended: (state) => ["Conversation ended", afterwards(state)],
};

/**
 * @param {State} state
 * @param {string} agent her name
 * @returns {{mood: string, hint: string}}
 */
export function describe(state, agent) {
  const [mood, hint] = PHASES[state.phase](state, agent);
  return { mood, hint };
}

/**
 * What a screen reader is told by itself: not whose turn it is, which can be heard.
 * @param {State} state
 * @param {string} agent
 */
export function announce(state, agent) {
  if (state.phase === "before") return "";
  if (state.phase === "talking" && !state.muted && !state.waiting) return "Connected.";
  const { mood, hint } = describe(state, agent);
  return `${mood}. ${hint}`;
}

function talking(state, agent) {
  if (state.waiting) {
    return ["Please hold the line", `${agent} is still busy. It is your turn as soon as she is free.`];
  }
  if (state.kind === "text") {
    return [`You are writing with ${agent}`, "Type your answers below the conversation."];
  }
  if (state.muted) return ["You are muted", `${agent} cannot hear you. You can still type.`];
  if (state.mode === "speaking") {
    return [`${agent} is speaking`, "Talk whenever you like. She stops when you do."];
  }
  return [`${agent} is listening`, "Take your time."];
}

function afterwards(state) {
  const outcome =
    known(BOOKED, state.booked) ??
    known(AFTERWARDS, state.progress) ??
    "Thank you. We have what you told us.";
  return `${sentence(state.reason)}${outcome}`;
}

function known(words, key) {
  return Object.hasOwn(words, key) ? words[key] : undefined;
}

function sentence(reason) {
  return reason ? `${reason} ` : "";
}

/**
 * Whether a close reason was written for people, and not for programs.
 * @param {unknown} reason
 */
export function isReadable(reason) {
  return typeof reason === "string" && /^\p{Lu}.* .*[.!?]$/su.test(reason.trim());
}
