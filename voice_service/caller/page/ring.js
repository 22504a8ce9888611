// The ring of strokes around the face: longer where the voice is stronger.

const STROKES = 84;
const INNER = 66; // of a drawing that is 200 wide
const SHORTEST = 4;
const LONGEST = 26;
const FADING = 0.8; // of a stroke's length from one drawing to the next
const TURN = 4000; // milliseconds in which the waves go once around

export class Ring {
  #strokes;
  #lengths = new Array(STROKES).fill(0);

  /** @param {SVGSVGElement} svg */
  constructor(svg) {
    this.#strokes = Array.from({ length: STROKES }, () => {
      const line = document.createElementNS("http://www.w3.org/2000/svg", "line");
      svg.append(line);
      return line;
    });
    this.rest();
  }

  /** Nobody is speaking. */
  rest() {
    this.#draw((angle) => waves(angle), 0);
  }

  /**
   * @param {number} volume from 0 to 1
   * @param {Uint8Array} bands what is heard by pitch, low to high
   * @param {number} now in milliseconds
   */
  show(volume, bands, now) {
    // A voice of one pitch has little volume over all bands, and can be heard all the same.
    const peak = bands.reduce((most, band) => Math.max(most, band), 0) / 255;
    const loud = Math.min(1, Math.max(volume * 3, peak * 0.9));
    const turned = (now / TURN) * 2 * Math.PI;
    this.#draw((angle) => {
      const side = Math.abs(angle / Math.PI - 1); // the same on the left and on the right
      const band = (bands[Math.floor(side * (bands.length - 1) * 0.6)] ?? 0) / 255;
      return loud * Math.max(waves(angle + turned), band);
    }, FADING);
  }

  #draw(levelAt, fading) {
    this.#strokes.forEach((line, number) => {
      const angle = (number / STROKES) * 2 * Math.PI;
      const level = Math.max(levelAt(angle) ** 1.2, this.#lengths[number] * fading);
      this.#lengths[number] = level;
      const outer = INNER + SHORTEST + (LONGEST - SHORTEST) * level;
      const [x, y] = [Math.sin(angle), -Math.cos(angle)];
      line.setAttribute("x1", (x * INNER).toFixed(1));
      line.setAttribute("y1", (y * INNER).toFixed(1));
      line.setAttribute("x2", (x * outer).toFixed(1));
      line.setAttribute("y2", (y * outer).toFixed(1));
      line.setAttribute("stroke-opacity", (0.35 + 0.6 * level).toFixed(2));
    });
  }
}

function waves(angle) {
  return 0.5 + 0.5 * Math.sin(angle * 3 + 0.6) * Math.cos(angle * 5 + 1.2);
}
