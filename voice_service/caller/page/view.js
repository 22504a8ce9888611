// The page's elements: shows a state, lines and cards, and knows nothing of how they come about.

import { canStart, isBeginning } from "./state.js";
import { announce, describe } from "./words.js";
import { drawCard } from "./card.js";

const START_LABELS = { before: "Start talking", refused: "Try again", failed: "Try again" };
const TYPING = ["before", "refused", "failed", "talking"];
const WITH_PHONE = ["refused", "failed", "lost"];
const NEAR_THE_END = 60; // pixels; closer, and new lines are followed

/** @param {string} id */
const find = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

export class View {
  start = find("start");
  type = find("type");
  mute = find("mute");
  end = find("end");
  captions = find("captions");
  larger = find("larger");
  form = /** @type {HTMLFormElement} */ (find("typing"));
  input = /** @type {HTMLInputElement} */ (find("words"));
  ring = /** @type {any} */ (find("ring"));
  #log = find("log");
  #cards = find("cards");
  #paragraphs = /** @type {Map<number, HTMLElement>} */ (new Map());
  #agent;
  #showCaptions = true;

  constructor() {
    this.#agent = document.body.dataset.agent ?? "";
    // Letters not yet spoken are greyed without touching the text, which would be read out again.
    this.unspoken = "highlights" in CSS ? new Highlight() : null;
    if (this.unspoken) CSS.highlights.set("unspoken", this.unspoken);
  }

  /** From now on the page answers: until then nobody can press in vain. */
  open() {
    for (const each of document.querySelectorAll("[disabled]")) each.removeAttribute("disabled");
  }

  /** @param {import("./state.js").State} state */
  showState(state) {
    const hadFocus = document.activeElement;
    const talking = state.phase === "talking";
    const voice = state.kind === "voice";
    document.body.dataset.phase = state.phase;
    document.body.dataset.voice =
      talking && voice ? (state.muted ? "muted" : state.mode) : "silent";
    const { mood, hint } = describe(state, this.#agent);
    setText(find("mood"), mood);
    setText(find("hint"), hint);
    setText(find("announcer"), announce(state, this.#agent));
    setText(labelOf(this.start), START_LABELS[state.phase] ?? "Start again");
    this.start.hidden = !canStart(state);
    this.type.hidden = !["before", "refused", "failed"].includes(state.phase);
    this.mute.hidden = !(talking && voice);
    this.mute.setAttribute("aria-pressed", String(state.muted));
    setText(labelOf(this.end), isBeginning(state) ? "Cancel" : voice ? "End call" : "End");
    this.end.hidden = !(talking || isBeginning(state));
    this.captions.hidden = !talking;
    this.form.hidden = !TYPING.includes(state.phase);
    const intro = canStart(state) && !["ended", "lost"].includes(state.phase);
    find("intro").hidden = !intro;
    setText(find("title"), intro ? "How it works" : "What we are saying");
    find("phone")?.toggleAttribute("hidden", !WITH_PHONE.includes(state.phase));
    this.#keepFocus(hadFocus, state);
  }

  // A control that vanishes under the finger hands the focus to the one that comes next.
  #keepFocus(hadFocus, state) {
    const lost = hadFocus instanceof HTMLElement && hadFocus !== document.body;
    if (!lost || hadFocus.offsetParent !== null) return;
    const order =
      state.kind === "text" && state.phase === "talking"
        ? [this.input]
        : [this.mute, this.end, this.start];
    order.find((each) => !each.hidden)?.focus();
  }

  /** @param {import("./captions.js").Line} line a new one, or one whose text was corrected */
  showLine(line) {
    const known = this.#paragraphs.get(line.id);
    if (known) {
      if (line.text) setText(known, line.text);
      else {
        known.parentElement.remove();
        this.#paragraphs.delete(line.id);
      }
      return;
    }
    const follow = this.#isAtEnd();
    const block = document.createElement("div");
    block.className = `line ${line.who}`;
    const who = document.createElement("b");
    who.textContent = line.who === "agent" ? this.#agent : "You";
    const paragraph = document.createElement("p");
    paragraph.dir = "auto";
    paragraph.textContent = line.text;
    block.append(who, paragraph);
    this.#log.querySelector(".now")?.classList.remove("now");
    block.classList.add("now");
    this.#log.append(block);
    this.#paragraphs.set(line.id, paragraph);
    if (follow) this.followLines();
  }

  /**
   * Grey what has not been spoken yet.
   * @param {{line: import("./captions.js").Line, spoken: number}[]} progress
   */
  showSpoken(progress) {
    if (!this.unspoken) return;
    this.unspoken.clear();
    for (const { line, spoken } of progress) {
      const text = this.#paragraphs.get(line.id)?.firstChild;
      if (!text || spoken >= line.text.length) continue;
      const range = new Range();
      range.setStart(text, Math.min(spoken, text.textContent.length));
      range.setEnd(text, text.textContent.length);
      this.unspoken.add(range);
    }
  }

  #isAtEnd() {
    return this.#log.scrollHeight - this.#log.scrollTop - this.#log.clientHeight < NEAR_THE_END;
  }

  followLines() {
    this.#log.scrollTop = this.#log.scrollHeight;
  }

  /** Everything of an earlier conversation goes. */
  clear() {
    this.#log.replaceChildren();
    this.#cards.replaceChildren();
    this.#paragraphs.clear();
    this.unspoken?.clear();
  }

  /** @returns {boolean} whether the booking could be understood; one told again takes its place */
  showBooking(booking) {
    const template = /** @type {HTMLTemplateElement} */ (find("card"));
    const card = drawCard(template, booking);
    if (!card) return false;
    card.dataset.reference = booking.reference;
    const earlier = [...this.#cards.children].find(
      (each) => /** @type {HTMLElement} */ (each).dataset.reference === booking.reference,
    );
    if (earlier) earlier.replaceWith(card);
    else this.#cards.append(card);
    this.followLines();
    card.scrollIntoView({ block: "nearest" });
    return true;
  }

  /** @param {number} seconds since the conversation began; NaN: there is none */
  showTime(seconds) {
    const timer = find("timer");
    timer.hidden = Number.isNaN(seconds);
    if (timer.hidden) return;
    const minutes = Math.floor(seconds / 60);
    setText(timer, `${minutes}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`);
  }

  toggleCaptions() {
    this.#showCaptions = !this.#showCaptions;
    this.captions.setAttribute("aria-pressed", String(this.#showCaptions));
    this.#log.hidden = !this.#showCaptions;
    if (this.#showCaptions) this.followLines();
  }

  toggleLargerText() {
    const large = document.documentElement.dataset.text !== "large";
    document.documentElement.dataset.text = large ? "large" : "usual";
    this.larger.setAttribute("aria-pressed", String(large));
    this.followLines();
  }
}

function labelOf(button) {
  return /** @type {HTMLElement} */ (button.querySelector("span"));
}

// Unchanged text is left alone: a live region would read it out again.
function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
