// Takes the place of the client's own module of this purpose (see build.mjs): the resampler for
// browsers that cannot set a sample rate, from our own host.
export async function addLibsamplerateModule(context) {
  await context.audioWorklet.addModule(new URL("./libsamplerate.worklet.js", import.meta.url).href);
}
