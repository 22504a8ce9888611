// What the page is doing. Pure: one state and one event give the next state.

/**
 * @typedef {"before"|"asking"|"connecting"|"refused"|"failed"|"talking"|"ended"|"lost"} Phase
 * asking: for the microphone; refused: there is none; failed: no conversation came about.
 *
 * @typedef {object} State
 * @property {Phase} phase
 * @property {"voice"|"text"} kind
 * @property {"speaking"|"listening"} mode what the agent does
 * @property {boolean} muted
 * @property {boolean} waiting for an agent who is free
 * @property {string} reason why it ended, was lost or failed, in words; or what is amiss with the
 *   microphone: denied, missing, busy or insecure
 * @property {"caller"|"agent"|""} by who ended it
 * @property {string} progress of the conversation with us: processing, completed, …
 * @property {string} booked how the booking stands: confirmed or pending; empty without one
 */

/** @type {Readonly<State>} */
export const START = Object.freeze({
  phase: "before",
  kind: "voice",
  mode: "listening",
  muted: false,
  waiting: false,
  reason: "",
  by: "",
  progress: "",
  booked: "",
});

const CAN_START = ["before", "refused", "failed", "ended", "lost"];
const BEGINNING = ["asking", "connecting"];
const LEFT = ["ended", "lost"];

/**
 * @param {State} state
 * @param {{type: string, [more: string]: any}} event
 * @returns {State} the same object where the event means nothing now
 */
export function next(state, event) {
  const handle = Object.hasOwn(ON, event.type) ? ON[event.type] : undefined;
  return handle?.(state, event) ?? state;
}

const during = (...phases) => (state) => phases.includes(state.phase);
const isTalking = during("talking");

/** @type {Record<string, (state: State, event: any) => State | undefined>} */
const ON = {
  start: (state, { kind }) =>
    CAN_START.includes(state.phase)
      ? { ...START, kind, phase: kind === "voice" ? "asking" : "connecting" }
      : undefined,
  microphone: (state, { trouble }) => {
    if (state.phase !== "asking") return undefined;
    return trouble
      ? { ...state, phase: "refused", reason: trouble }
      : { ...state, phase: "connecting" };
  },
  connected: (state) =>
    during("connecting")(state) ? { ...state, phase: "talking" } : undefined,
  failed: (state, { reason }) =>
    BEGINNING.includes(state.phase) ? { ...state, phase: "failed", reason } : undefined,
  mode: (state, { mode }) =>
    isTalking(state)
      ? { ...state, mode, waiting: state.waiting && mode === "listening" }
      : undefined,
  queue: (state, { waiting }) => (isTalking(state) ? { ...state, waiting } : undefined),
  mute: (state, { muted }) => (isTalking(state) ? { ...state, muted } : undefined),
  ended: (state, { by, reason = "" }) => {
    if (BEGINNING.includes(state.phase)) return START;
    return isTalking(state) ? { ...state, phase: "ended", by, reason } : undefined;
  },
  lost: (state, { reason = "" }) =>
    isTalking(state) ? { ...state, phase: "lost", reason } : undefined,
  progress: (state, { status }) =>
    isTalking(state) || LEFT.includes(state.phase) ? { ...state, progress: status } : undefined,
  booked: (state, { status }) =>
    isTalking(state) || LEFT.includes(state.phase) ? { ...state, booked: status } : undefined,
};

export const canStart = (state) => CAN_START.includes(state.phase);
export const isBeginning = (state) => BEGINNING.includes(state.phase);
