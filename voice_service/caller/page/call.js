// One conversation over ElevenLabs' own client: what happens in it is told as plain events.

import { Conversation } from "@elevenlabs/client";
import { isReadable } from "./words.js";

const UNREACHABLE = "We cannot be reached just now. Please check your connection and try again.";
const BROKEN = "The conversation could not begin. Please try again.";
const NO_LONGER_SPEAKING = 700; // milliseconds of silence that are more than a gap between words
const FIRST_WORDS_AFTER = 2000; // milliseconds to wait for the agent's greeting
const TYPING_TOLD_EVERY = 2000; // milliseconds
const DEFAULT_FORMAT = { format: "pcm", sampleRate: 16000 };
const TROUBLE = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "missing",
  OverconstrainedError: "missing",
  NotReadableError: "busy",
  AbortError: "busy",
};

/** Why a beginning was given up; ``message`` may be shown. */
class NotBegun extends Error {}

export class Call {
  #kind;
  #tell;
  #conversation = null;
  #format = DEFAULT_FORMAT;
  #cancelled = false;
  #quiet = 0;
  #typingTold = -Infinity;
  #firstWords = "";
  #firstWordsTimer = 0;

  /**
   * @param {"voice"|"text"} kind
   * @param {(event: {type: string, [more: string]: any}) => void} tell
   */
  constructor(kind, tell) {
    this.#kind = kind;
    this.#tell = tell;
  }

  /** @param {string} firstWords typed before there was a conversation; sent after the greeting */
  async begin(firstWords = "") {
    this.#firstWords = firstWords;
    let microphone = null;
    try {
      if (this.#kind === "voice") {
        microphone = await askForMicrophone();
        this.#tell({ type: "microphone" });
      }
      if (!this.#cancelled) await this.#connect(await askForSession());
    } catch (error) {
      this.#failed(error);
    } finally {
      // The client has asked for a microphone of its own by now.
      microphone?.getTracks().forEach((track) => track.stop());
    }
  }

  async #connect({ signedUrl, eventsUrl }) {
    if (this.#cancelled) return;
    const conversation = await Conversation.startSession({
      signedUrl,
      connectionType: "websocket",
      textOnly: this.#kind === "text",
      workletPaths: {
        rawAudioProcessor: worklet("rawAudioProcessor"),
        audioConcatProcessor: worklet("audioConcatProcessor"),
      },
      onConversationCreated: (created) => {
        this.#conversation = created;
        // The client tells the format to nobody; without it a second of sound has no length.
        this.#format = created.connection?.outputFormat ?? DEFAULT_FORMAT;
      },
      onConnect: () => this.#tell({ type: "connected", eventsUrl }),
      onDisconnect: (details) => this.#disconnected(details),
      onMessage: ({ role, message, event_id: eventId }) => this.#said(role, message, eventId),
      onModeChange: ({ mode }) => this.#changeMode(mode),
      onInterruption: () => this.#tell({ type: "interrupted" }),
      onAgentResponseCorrection: (correction) => this.#tell({ type: "corrected", correction }),
      onIncomingEvent: (event) => this.#hear(event),
    });
    if (this.#cancelled) await conversation.endSession();
    else this.#firstWordsTimer = setTimeout(() => this.#sayFirstWords(), FIRST_WORDS_AFTER);
  }

  #failed(error) {
    if (this.#cancelled) return;
    if (error instanceof MicrophoneTrouble) {
      this.#tell({ type: "microphone", trouble: error.trouble });
      return;
    }
    const told = error instanceof NotBegun ? error.message : error?.closeReason;
    this.#tell({ type: "failed", reason: isReadable(told) ? told : BROKEN });
  }

  #disconnected({ reason, closeReason }) {
    clearTimeout(this.#quiet);
    clearTimeout(this.#firstWordsTimer);
    const words = isReadable(closeReason) && !closeReason.startsWith("end_call") ? closeReason : "";
    if (reason === "error") this.#tell({ type: "lost", reason: words });
    else this.#tell({ type: "ended", by: reason === "user" ? "caller" : "agent", reason: words });
  }

  #said(role, text, eventId) {
    this.#tell({ type: "said", who: role === "agent" ? "agent" : "caller", text, eventId });
    if (role === "agent") this.#sayFirstWords();
  }

  #sayFirstWords() {
    clearTimeout(this.#firstWordsTimer);
    const words = this.#firstWords;
    this.#firstWords = "";
    // After what is being told just now, which is the greeting.
    if (words) queueMicrotask(() => this.say(words));
  }

  #hear(event) {
    if (event.type === "queue_status") {
      this.#tell({ type: "queue", waiting: event.queue_status_event?.status === "waiting" });
    }
    const sound = event.type === "audio" ? event.audio_event : undefined;
    if (typeof sound?.audio_base_64 !== "string") return;
    const { format, sampleRate } = this.#format;
    const bytes = sound.audio_base_64.length * 0.75;
    const length = (bytes / (format === "ulaw" ? 1 : 2) / sampleRate) * 1000;
    const letters = sound.alignment?.char_start_times_ms;
    this.#tell({
      type: "sound",
      eventId: sound.event_id,
      length,
      letters: Array.isArray(letters) ? letters : null,
    });
  }

  // The client calls every gap between two words listening.
  #changeMode(mode) {
    clearTimeout(this.#quiet);
    const wait = mode === "listening" ? NO_LONGER_SPEAKING : 0;
    this.#quiet = setTimeout(() => this.#tell({ type: "mode", mode }), wait);
  }

  get #isOpen() {
    return this.#conversation?.isOpen() ?? false;
  }

  /** @returns {boolean} whether it could be said */
  say(text) {
    if (!this.#isOpen) return false;
    this.#conversation.sendUserMessage(text);
    this.#tell({ type: "said", who: "caller", text });
    return true;
  }

  /** Somebody is typing: the agent need not think that nobody is there. */
  typing(now) {
    if (!this.#isOpen || now - this.#typingTold < TYPING_TOLD_EVERY) return;
    this.#typingTold = now;
    this.#conversation.sendUserActivity();
  }

  mute(muted) {
    if (this.#isOpen && this.#kind === "voice") this.#conversation.setMicMuted(muted);
  }

  /** By the caller; also while it is only beginning. */
  end() {
    this.#cancelled = true;
    if (this.#isOpen) this.#conversation.endSession();
    else this.#tell({ type: "ended", by: "caller" });
  }

  /** The line is known to be cut, whatever the socket still believes. */
  lose() {
    if (!this.#isOpen) return;
    this.#tell({ type: "lost" });
    this.#conversation.endSession();
  }

  /**
   * What can be heard now, for the ring.
   * @param {"speaking"|"listening"} mode
   * @returns {{volume: number, bands: Uint8Array}} volume from 0 to 1; bands empty for text
   */
  sound(mode) {
    if (!this.#isOpen) return { volume: 0, bands: new Uint8Array() };
    return mode === "speaking"
      ? {
          volume: this.#conversation.getOutputVolume(),
          bands: this.#conversation.getOutputByteFrequencyData(),
        }
      : {
          volume: this.#conversation.getInputVolume(),
          bands: this.#conversation.getInputByteFrequencyData(),
        };
  }
}

class MicrophoneTrouble extends Error {
  constructor(trouble) {
    super(trouble);
    this.trouble = trouble;
  }
}

async function askForMicrophone() {
  if (!navigator.mediaDevices) throw new MicrophoneTrouble("insecure");
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch (error) {
    throw new MicrophoneTrouble(TROUBLE[error.name] ?? "missing");
  }
}

async function askForSession() {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  let answer, body;
  try {
    answer = await fetch("session", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ timezone: timeZone ?? null }),
    });
    body = await answer.json();
  } catch {
    throw new NotBegun(UNREACHABLE);
  }
  if (!answer.ok) throw new NotBegun(isReadable(body?.detail) ? body.detail : UNREACHABLE);
  return { signedUrl: body.signed_url, eventsUrl: body.events_url };
}

function worklet(name) {
  return new URL(`./${name}.js`, import.meta.url).href;
}
