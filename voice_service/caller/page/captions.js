// What is being said, line by line, and how much of it has been heard. Pure: times are arguments,
// in milliseconds of any steady clock.

const LETTERS_PER_SECOND = 15; // of English speech, where the platform does not tell
const NO_AUDIO_AFTER = 3000; // a line without sound for so long was not going to have any
const MOST_WAITING = 2000; // pieces of sound that may come before their line

/**
 * @typedef {object} Line
 * @property {number} id
 * @property {"agent"|"caller"} who
 * @property {string} text
 * @property {string} eventId of the turn, as the platform counts
 * @property {number} saidAt
 * @property {Sound[]} sounds
 * @property {boolean} heard all of it that will ever be
 * @property {boolean} cutOff by an interruption; the platform may correct its text
 *
 * @typedef {{startsAt: number, length: number, letters: number[] | null}} Sound
 * letters: when each is spoken, after the sound's start
 */

export class Captions {
  /** @type {Line[]} */
  lines = [];
  #silent;
  #count = 0;
  #waiting = /** @type {Map<string, Sound[]>} */ (new Map());
  #playedUntil = 0;

  /** @param {{silent: boolean}} options silent: nothing is spoken, lines are there at once */
  constructor({ silent }) {
    this.#silent = silent;
  }

  /** @returns {Line | null} null: there was nothing to say */
  callerSaid(text, now) {
    return this.#add("caller", text, "", now);
  }

  /** @returns {Line | null} */
  agentSaid(text, eventId, now) {
    return this.#add("agent", text, String(eventId), now);
  }

  #add(who, text, eventId, now) {
    if (typeof text !== "string" || !text.trim()) return null;
    const sounds = this.#waiting.get(eventId) ?? [];
    this.#waiting.delete(eventId);
    const heard = this.#silent || who === "caller";
    const line = {
      id: ++this.#count,
      who,
      text: text.trim(),
      eventId,
      saidAt: now,
      sounds,
      heard,
      cutOff: false,
    };
    this.lines.push(line);
    return line;
  }

  /**
   * A piece of sound has arrived, and is played after the ones before it.
   * @param {number} length in milliseconds
   * @param {number[] | null} letters when each letter of it begins; null: not told
   */
  soundCame(eventId, length, letters, now) {
    const startsAt = Math.max(now, this.#playedUntil);
    this.#playedUntil = startsAt + length;
    const sound = { startsAt, length, letters };
    const line = this.#latest((each) => each.eventId === String(eventId));
    if (line) line.sounds.push(sound);
    else this.#keepWaiting(String(eventId), sound);
  }

  #keepWaiting(eventId, sound) {
    const sounds = this.#waiting.get(eventId) ?? [];
    if (sounds.length < MOST_WAITING) this.#waiting.set(eventId, [...sounds, sound]);
  }

  /** Nothing more of what came so far will be played. */
  interrupted(now) {
    this.#playedUntil = now;
    this.#waiting.clear();
    for (const line of this.lines.filter(({ heard }) => !heard)) {
      line.cutOff = true;
      line.sounds = line.sounds
        .filter((sound) => sound.startsAt < now)
        .map((sound) => ({ ...sound, length: Math.min(sound.length, now - sound.startsAt) }));
    }
  }

  /** Playback has come to its end: what had sound was heard. */
  fellSilent(now) {
    if (now < this.#playedUntil) return;
    for (const line of this.lines) {
      if (line.sounds.length && !line.cutOff) line.heard = true;
    }
  }

  /**
   * What was really said takes the line's place.
   * @returns {Line | null} the changed line; without text where nothing of it was said
   */
  corrected(eventId, original, text) {
    if (typeof text !== "string") return null;
    const line =
      this.#latest((each) => each.eventId === String(eventId)) ??
      this.#latest((each) => each.text === String(original).trim()) ??
      this.#latest(() => true);
    if (!line) return null;
    Object.assign(line, { text: text.trim(), heard: true, cutOff: true });
    if (!line.text) this.lines = this.lines.filter((each) => each !== line);
    return line;
  }

  #latest(fits) {
    return this.lines.findLast((line) => line.who === "agent" && fits(line));
  }

  /**
   * How many letters of a line have been spoken by now, to the end of the word.
   * @param {Line} line
   */
  spoken(line, now) {
    if (line.heard) return line.text.length;
    if (!line.sounds.length) return line.cutOff || isFresh(line, now) ? 0 : line.text.length;
    const letters = line.sounds.reduce((sum, sound) => sum + lettersOf(sound, now), 0);
    return endOfWord(line.text, Math.floor(letters));
  }
}

function isFresh(line, now) {
  return now - line.saidAt <= NO_AUDIO_AFTER;
}

function lettersOf(sound, now) {
  const played = Math.min(now - sound.startsAt, sound.length);
  if (played <= 0) return 0;
  if (!sound.letters) return (played / 1000) * LETTERS_PER_SECOND;
  return sound.letters.filter((startsAt) => startsAt <= played).length;
}

function endOfWord(text, at) {
  if (at <= 0) return 0;
  const gap = text.slice(at).search(/\s/);
  return at >= text.length || gap < 0 ? text.length : at + gap;
}
