// Builds the caller's page into voice_service/built; run from the project's root by `npm run build`.
import { copyFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const BUILT = `${HERE}../built`;
const MODULES = `${HERE}../../node_modules`;

// The client would fetch this module from a CDN where a browser cannot set a sample rate, and has
// no setting for the loudspeaker's side of it.
const resamplerFromUs = {
  name: "resampler-from-us",
  setup({ onResolve }) {
    onResolve({ filter: /\/addLibsamplerateModule\.js$/ }, () => ({ path: `${HERE}page/resampler.js` }));
  },
};

await build({
  entryPoints: { caller: `${HERE}page/main.js`, "caller-style": `${HERE}page/page.css`, "booking-style": `${HERE}page/booking.css` },
  outdir: BUILT,
  bundle: true,
  minify: true,
  format: "esm",
  conditions: ["browser"],
  target: ["chrome111", "firefox115", "safari16.4"],
  logLevel: "warning",
  plugins: [resamplerFromUs],
});

// Worklets are loaded by address, so that the page's CSP needs no blob:.
for (const file of [
  "@elevenlabs/client/worklets/rawAudioProcessor.js",
  "@elevenlabs/client/worklets/audioConcatProcessor.js",
  "@alexanderolsen/libsamplerate-js/dist/libsamplerate.worklet.js",
]) {
  await copyFile(`${MODULES}/${file}`, `${BUILT}/${file.split("/").at(-1)}`);
}
