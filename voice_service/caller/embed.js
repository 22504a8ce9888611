// A button that opens the caller's page over any site: <script src="https://…/embed.js" async>.
// Nothing is loaded before somebody presses it, and the site's own styles do not reach it.
(() => {
  // Filled in where this file is served: who may frame us. Elsewhere the frame would stay grey.
  const ALLOWED = "__ALLOWED_ORIGINS__";
  const LABEL = "Talk to us";
  const MARK = "data-voice-button";
  const page = document.documentElement;
  if (!document.currentScript || page.hasAttribute(MARK)) return; // or twice on one page
  const OURS = new URL(".", document.currentScript.src);
  const STYLE = `
    :host { all: initial !important; position: fixed !important; inset: auto 0 0 auto !important; z-index: 2147483000 !important; display: block !important; }
    button { font: 600 16px/1 system-ui, sans-serif; cursor: pointer; border: 1px solid transparent; }
    button:focus-visible { outline: 3px solid #f0c26a; outline-offset: 2px; }
    .open { position: fixed; right: 20px; bottom: 20px; display: flex; align-items: center; gap: 10px; min-height: 52px; padding: 0 22px;
      border-radius: 26px; background: #0b6a55; color: #fff; box-shadow: 0 10px 30px -8px rgb(0 0 0 / 45%); }
    .open:hover { background: #07493b; }
    .live { background: #b3372e; } .live:hover { background: #962c24; }
    .panel { position: fixed; right: 20px; bottom: 20px; width: min(420px, calc(100vw - 40px)); height: min(760px, calc(100dvh - 40px));
      border-radius: 18px; overflow: hidden; background: #0c3b31; box-shadow: 0 24px 70px -16px rgb(0 0 0 / 55%); display: flex; flex-direction: column; }
    .panel[hidden], .open[hidden] { display: none; }
    .close { align-self: end; min-height: 44px; padding: 0 18px; background: none; color: #fff; }
    iframe { border: 0; width: 100%; flex: 1; background: transparent; }
    @media (max-width: 480px) { .panel { inset: 0; width: 100vw; height: 100dvh; border-radius: 0; } }
  `;

  if (location.origin !== OURS.origin && !ALLOWED.includes(location.origin)) {
    console.info(`${OURS.host}: this site is not among ALLOWED_ORIGINS, so no button is shown.`);
    return;
  }

  const host = document.createElement("div");
  page.setAttribute(MARK, "");
  const root = host.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  root.adoptedStyleSheets = [sheet];

  const open = button("open", LABEL);
  const panel = document.createElement("div");
  panel.className = "panel";
  panel.hidden = true;
  panel.setAttribute("role", "dialog");
  panel.setAttribute("aria-label", LABEL);
  const close = button("close", "Close");
  panel.append(close);
  root.append(open, panel);
  let frame = null;
  let live = false;

  function button(name, text) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = name;
    made.textContent = text;
    return made;
  }

  function show() {
    if (!frame) {
      frame = document.createElement("iframe");
      frame.title = LABEL;
      frame.allow = "microphone; autoplay; screen-wake-lock";
      frame.src = new URL("?embed=1", OURS).href;
      panel.append(frame);
    }
    panel.hidden = false;
    open.hidden = true;
    frame.focus();
  }

  // A conversation goes on while the panel is closed, and the button says so.
  function hide() {
    if (panel.hidden) return;
    panel.hidden = true;
    if (!live) {
      frame?.remove();
      frame = null;
    }
    label();
    open.hidden = false;
    open.focus();
  }

  function label() {
    open.textContent = live ? "Back to the call" : LABEL;
    open.classList.toggle("live", live);
  }

  open.addEventListener("click", show);
  close.addEventListener("click", hide);
  root.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });
  window.addEventListener("message", ({ source, origin, data }) => {
    if (!frame || source !== frame.contentWindow || origin !== OURS.origin) return;
    if (data?.type === "voice:close") hide();
    if (data?.type === "voice:state") {
      live = data.live === true;
      label();
    }
  });

  const attach = () => document.body.append(host);
  if (document.body) attach();
  else addEventListener("DOMContentLoaded", attach);
})();
