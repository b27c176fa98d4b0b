// The page's side of what is alive: a figure with native controls (widget.py is the other side), and a training run with
// its bar and Stop (progress.py). At the end: how they find their place on the page.

const DEAD = ["restarting", "autorestarting", "terminating", "dead", "unknown"];
const PATIENCE = 3000; // ms without an answer until the page says so

function figure({ model, el }) {
  const root = make("div", { className: "rnn-live" });
  const panel = make("div", { className: "rnn-live-controls" });
  const fields = make("div", { className: "rnn-live-fields" });
  const picture = framed(root, model.get("size"), keepRoom);
  const error = make("div", { className: "rnn-live-error", hidden: true });
  const sentence = make("p", { className: "rnn-live-sentence" });
  const note = make("p", { className: "rnn-live-note", hidden: true });
  error.setAttribute("role", "alert");
  sentence.setAttribute("aria-live", "polite");
  note.setAttribute("role", "status");

  // ---- from the hand to Python
  const controls = model.get("controls").map((control) => ({ ...control, ...KINDS[control.kind](control, move, restart) }));
  function restart(names) {
    for (const { name, start, write } of controls) if (names.includes(name)) write(start);
  }
  const reset = make("button", { type: "button", className: "rnn-live-reset", textContent: "Reset" });
  reset.setAttribute("aria-label", "Reset all controls to their start");
  reset.onclick = () => {
    restart(controls.map(({ name }) => name));
    move();
  };
  for (const { field } of controls) fields.append(field);
  panel.append(fields, reset);
  // JupyterLab reads letters as commands (x cuts the cell) unless the focused element itself says not to.
  for (const element of panel.querySelectorAll("input, select, button")) element.dataset.lmSuppressShortcuts = "true";

  // One request is under way at a time. While Python works on it only the newest values count: they are read when its
  // answer has come. Saving traits instead would also wait for word that the kernel is idle, which servers hold back
  // for up to 40 ms.
  let number = -1; // of the newest request
  let asking = false;
  let moved = false; // since it was sent
  let waiting;
  function move() {
    root.setAttribute("aria-busy", "true");
    if (asking) moved = true;
    else ask();
  }

  function ask() {
    asking = true;
    moved = false;
    number += 1;
    model.send({ number, values: Object.fromEntries(controls.map(({ name, read }) => [name, read()])) });
    waiting ??= setTimeout(() => say("Python has not answered yet: it is busy, or it was restarted."), PATIENCE);
  }

  // ---- from Python to the eye
  function hear() {
    const answer = model.get("answer");
    clearTimeout(waiting);
    waiting = undefined;
    say("");
    // At the start, and when another view of the same figure was moved.
    if (answer.number > number) for (const { name, write } of controls) write(answer.values[name]);
    number = Math.max(number, answer.number);
    asking = answer.number < number;
    if (moved) ask(); // Python draws the next picture while this one is put on the page
    show(answer);
    root.setAttribute("aria-busy", asking);
  }

  function show(answer) {
    error.hidden = !answer.error;
    error.textContent = answer.error && `This picture could not be drawn.\n${answer.error}`;
    picture.show(answer);
    sentence.textContent = answer.sentence;
    keepRoom();
    root.dataset.number = answer.number; // which request the page shows
  }

  // The sentence's room grows with it, and shrinks back only where the page has another width.
  let room; // in CSS pixels across
  function keepRoom() {
    if (!sentence.clientWidth) return; // not laid out yet: the style sheet's room holds
    if (sentence.clientWidth !== room) sentence.style.minHeight = "";
    room = sentence.clientWidth;
    sentence.style.minHeight = `${sentence.clientHeight}px`;
  }

  function say(text) {
    note.hidden = !text;
    note.textContent = text && `${text} If the picture does not follow, run this cell again.`;
  }

  const kernel = model.widget_manager?.kernel;
  const watch = (_, status) => DEAD.includes(status) && say("Python was stopped or restarted, so the picture cannot follow.");
  kernel?.statusChanged?.connect(watch);

  model.on("change:answer", hear);
  picture.frame.append(error);
  root.append(panel, picture.frame, sentence, note);
  el.append(root);
  hear();
  return () => {
    clearTimeout(waiting);
    picture.forget();
    kernel?.statusChanged?.disconnect(watch);
    model.off("change:answer", hear);
  };
}

function training({ model, el }) {
  const root = make("div", { className: "rnn-live" });
  const row = make("div", { className: "rnn-live-run" });
  const bar = make("progress", { max: model.get("total") });
  const stop = make("button", { type: "button", textContent: "Stop", title: "Stop training and keep what was learned" });
  const picture = framed(root, model.get("size"));
  const sentence = make("p", { className: "rnn-live-sentence" });
  bar.setAttribute("aria-label", "Steps taken");
  stop.dataset.lmSuppressShortcuts = "true";
  let stopping = false;
  stop.onclick = () => {
    stopping = true;
    stop.setAttribute("aria-disabled", "true");
    model.send({});
  };
  function hear() {
    const now = model.get("now");
    if (now.steps <= bar.max) bar.value = now.steps;
    else bar.removeAttribute("value"); // nobody knows how far it is to the end
    sentence.textContent = now.sentence;
    picture.show(now);
    if (stopping) model.send({}); // said just when Python wrote, it was not heard: `_listen_while_busy` in progress.py
  }

  model.on("change:now", hear);
  row.append(bar, ...(model.get("stoppable") ? [stop] : []));
  root.append(row, picture.frame, sentence);
  el.append(root);
  hear();
  return () => {
    picture.forget();
    model.off("change:now", hear);
  };
}

// A canvas in a frame, and what shows a picture with its sentence on it.
function framed(root, { width, height }, fitted = () => {}) {
  const frame = make("div", { className: "rnn-live-frame" });
  const canvas = make("canvas");
  canvas.setAttribute("role", "img");
  root.style.setProperty("--width", `${width}px`);
  frame.style.aspectRatio = `${width} / ${height}`; // the page keeps still whatever is drawn
  frame.append(canvas);
  let pixels; // of the picture that is shown
  function show({ picture, sentence }) {
    if (picture) put(canvas, (pixels = unpacked(picture)));
    canvas.setAttribute("aria-label", sentence);
  }
  // The first picture may come before the page has given it a width.
  const fit = new ResizeObserver(() => {
    if (pixels) put(canvas, pixels);
    fitted();
  });
  fit.observe(frame);
  return { frame, show, forget: () => fit.disconnect() };
}

// Unpack a picture of `packed` (painter.py), at once: nothing is decoded aside, so none comes late.
function unpacked({ width, height, runs }) {
  const words = new Uint32Array(runs.buffer.slice(runs.byteOffset, runs.byteOffset + runs.byteLength));
  const count = words.length / 2;
  const pixels = new Uint32Array(width * (height + 1)); // above the first row is one of zeros
  let i = width;
  for (let run = 0; run < count; run++) {
    const value = words[run];
    for (const end = i + words[count + run]; i < end; i++) pixels[i] = value ^ pixels[i - width];
  }
  return new ImageData(new Uint8ClampedArray(pixels.buffer, 4 * width), width, height);
}

// Put a picture on a canvas. Shown at less than half its size a canvas skips pixels, and digits become other digits: in
// a narrow window the picture is made smaller first, smoothly.
function put(canvas, picture) {
  const across = Math.round(canvas.clientWidth * devicePixelRatio);
  const scale = 0 < across && across < picture.width / 2 ? across / picture.width : 1;
  const width = Math.round(scale * picture.width);
  const height = Math.round(scale * picture.height);
  Object.assign(canvas, { width, height });
  const context = canvas.getContext("2d");
  if (scale === 1) return context.putImageData(picture, 0, 0);
  const whole = new OffscreenCanvas(picture.width, picture.height);
  whole.getContext("2d").putImageData(picture, 0, 0);
  context.imageSmoothingQuality = "high";
  context.drawImage(whole, 0, 0, width, height);
}

// Each kind of control: its field on the page, how to read it and how to write it.
const KINDS = {
  Control({ label, low, high, step }, move) {
    const input = make("input", { type: "range", min: low, max: high, step });
    const number = make("span", { className: "rnn-live-number" });
    number.setAttribute("aria-hidden", "true"); // the slider tells a screen reader itself
    const places = (String(step).split(".")[1] ?? "").length;
    const say = () => (number.textContent = input.valueAsNumber.toFixed(places));
    input.oninput = () => (say(), move());
    const write = (value) => ((input.value = value), say());
    return { field: labelled(label, input, number), read: () => input.valueAsNumber, write };
  },
  Stepper({ label, low, high, down, up, resets }, move, restart) {
    const number = make("span", { className: "rnn-live-number" });
    const buttons = [down, up].map((text) => make("button", { type: "button", textContent: text }));
    let now = low;
    // Not `disabled` at an end, which would throw the focus away.
    const write = (value) => {
      now = value;
      number.textContent = `${now} of ${high}`;
      buttons.forEach((button, i) => button.setAttribute("aria-disabled", now === [low, high][i]));
    };
    buttons.forEach((button, i) => {
      button.onclick = () => {
        const next = Math.min(high, Math.max(low, now + [-1, 1][i]));
        if (next !== now) write(next), restart(resets), move();
      };
    });
    const group = make("span", { className: "rnn-live-buttons" });
    group.append(...buttons);
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", label);
    return { field: labelled(label, group, number), read: () => now, write };
  },
  Choice({ label, options }, move) {
    const select = make("select", { oninput: move });
    for (const option of options) select.append(new Option(option));
    return { field: labelled(label, select), read: () => select.value, write: (value) => (select.value = value) };
  },
  Toggle({ label, resets }, move, restart) {
    const box = make("input", { type: "checkbox", oninput: () => (restart(resets), move()) });
    return { field: labelled(label, box), read: () => box.checked, write: (value) => (box.checked = value) };
  },
  Text({ label }, move) {
    const input = make("input", { type: "text", spellcheck: false, autocomplete: "off", oninput: move });
    return { field: labelled(label, input), read: () => input.value, write: (value) => (input.value = value) };
  },
};

function labelled(text, ...elements) {
  const field = make("label", { className: "rnn-live-field" });
  field.append(make("span", { textContent: text }), ...elements);
  return field;
}

function make(tag, properties = {}) {
  return Object.assign(document.createElement(tag), properties);
}

// ---- the place on the page

// A widget's own type in an output keeps what else is there from being shown wherever its kernel has gone. So Python
// puts out an element with the model's name, and after it a picture and a sentence like any others. While the model
// lives the element shows it, and the style sheet hides what it stands for.

// What draws a model into an element, by the model's name. Every model brings a copy of this file, so what they share
// stands here: the page's map, and the element, which the first of them defines.
const living = (globalThis.rnnLive ??= new Map());

class Place extends HTMLElement {
  connectedCallback() {
    this.wake();
  }

  disconnectedCallback() {
    this.sleep();
  }

  wake() {
    this.sleep();
    const draw = living.get(this.getAttribute("name"));
    if (!draw?.isPossible()) return;
    this.otherwise = [...this.childNodes];
    this.replaceChildren();
    this.forget = draw(this);
  }

  sleep() {
    if (!this.forget) return;
    this.forget();
    this.forget = undefined;
    this.replaceChildren(...this.otherwise);
  }
}

if (!customElements.get("rnn-live")) customElements.define("rnn-live", Place);

function render({ model, el }) {
  return (model.get("controls") ? figure : training)({ model, el });
}

async function initialize({ model, signal }) {
  const name = model.get("name");
  const manager = model.widget_manager;
  const { kernel } = manager;
  if (!kernel) return; // VS Code and Colab, which show the widget's own type
  const whole = await manager.get_model(name);
  const draw = (el) => render({ model, el });
  // Not if it was only read from a file, or its kernel was restarted (`comm_live`), left or ended, or the page closed.
  draw.isPossible = () => whole.comm_live && !manager.isDisposed && manager.kernel === kernel;
  const places = () => document.querySelectorAll(`rnn-live[name="${name}"]`);
  living.set(name, draw);
  for (const place of places()) place.wake();
  signal.addEventListener("abort", () => {
    living.delete(name);
    for (const place of places()) place.sleep();
  });
}

export default { initialize, render };
