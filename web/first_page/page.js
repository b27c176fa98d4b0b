// The figure: a network runs forward, and a gradient walks back from its last step. Needs no kernel and no network.
"use strict";

// As rnn_forward and labs/flow.py: log_sizes[k] is the base-10 logarithm of the gradient's size k steps back.
function walk({ W_xh, W_hh, x, dh_last }, gain, steps) {
  const states = [dh_last.map(() => 0)];
  for (const x_t of x.slice(-steps)) {
    const h_prev = states.at(-1);
    const from_x = (j) => x_t.reduce((sum, value, i) => sum + value * W_xh[i][j], 0);
    const from_h = (j) => h_prev.reduce((sum, value, i) => sum + value * gain * W_hh[i][j], 0);
    states.push(h_prev.map((_, j) => Math.tanh(from_x(j) + from_h(j))));
  }
  // The walk is linear in dh: made 1 long after each step, it neither under- nor overflows.
  const log_sizes = [0];
  let dh = scaled(dh_last);
  for (let t = steps; t > 0; t--) {
    const dz = dh.map((value, j) => value * (1 - states[t][j] ** 2));
    dh = dz.map((_, i) => dz.reduce((sum, value, j) => sum + value * gain * W_hh[i][j], 0));
    log_sizes.push(log_sizes.at(-1) + Math.log10(Math.hypot(...dh)));
    dh = scaled(dh);
  }
  return log_sizes;
}

function scaled(vector) {
  const size = Math.hypot(...vector);
  return vector.map((value) => value / size);
}

// 10 to the power `log` with two digits: 0.31, or 2.4 × 10⁻⁵.
function written(log) {
  if (log >= -2 && log < 3) return String(Number((10 ** log).toPrecision(2)));
  const [digits, power] = (10 ** log).toExponential(1).split("e");
  return `${digits} × 10${superscript(Number(power))}`;
}

function superscript(power) {
  return [...String(power)].map((c) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(c)]).join("");
}

function sentence(gain, steps, log_sizes) {
  const log = log_sizes[steps - 1]; // of step 1
  const [vanishes, explodes] = [log < -2, log > 2];
  const end = vanishes ? "vanishes: step 1 hardly learns" : explodes ? "explodes: one training step goes too far" : "survives";
  const factor = (10 ** (log / (steps - 1))).toFixed(2);
  return `Step 1 gets ${written(log)} times the gradient of step ${steps}: a factor of ${factor} for each step back. It ${end}.`;
}

// ---- the picture: a column for each step, as high as its gradient on a scale of powers of ten; under it the network

const [LOWEST, HIGHEST] = [-8, 6];
const [LEFT, RIGHT, TOP, BOTTOM] = [44, 36, 28, 50]; // margins, in CSS pixels

function draw(svg, gain, steps, log_sizes) {
  const { width, height } = svg.getBoundingClientRect();
  const pitch = (width - LEFT - RIGHT) / steps;
  const base = height - BOTTOM;
  const x = (t) => LEFT + (t - 0.5) * pitch;
  const y = (log) => TOP + ((HIGHEST - Math.min(Math.max(log, LOWEST), HIGHEST)) / (HIGHEST - LOWEST)) * (base - TOP);
  const line = (kind, x1, y1, x2, y2) => `<line class="${kind}" x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}"/>`;
  const text = (kind, left, top, words) => `<text class="${kind}" x="${left}" y="${top}">${words}</text>`;

  const parts = [];
  for (const power of [4, 0, -4, -8]) {
    parts.push(line(power ? "grid" : "one", LEFT, y(power), width - RIGHT, y(power)));
    parts.push(text("tick", LEFT - 8, y(power) + 4, power ? `10${superscript(power)}` : "1"));
  }
  const radius = Math.min(8, pitch * 0.36);
  const row = base + 15;
  parts.push(line("wire", x(1), row, width - RIGHT + 4, row));
  for (let t = 1; t <= steps; t++) {
    const log = log_sizes[steps - t];
    const strength = `style="--strength: ${Math.min(1, Math.max(0.15, 1 - log / LOWEST))}"`;
    const [side, wide, top] = [x(t) - pitch * 0.4, pitch * 0.8, y(log)];
    parts.push(`<rect class="size" x="${side}" y="${top}" width="${wide}" height="${base - top}" ${strength}/>`);
    parts.push(`<circle class="state" cx="${x(t)}" cy="${row}" r="${radius}" ${strength}/>`);
  }
  parts.push(text("loss", width - RIGHT + 8, row + 4, "loss"));
  parts.push(text("step", x(1), height - 8, "step 1"), text("step last", x(steps), height - 8, `step ${steps}`));
  parts.push(`<path class="back" d="M${width - RIGHT} 10H${LEFT}m7 -5l-7 5l7 5"/>`);
  parts.push(text("title", (LEFT + width - RIGHT) / 2, 14, "the gradient walks back"));
  svg.innerHTML = parts.join("");
}

// ---- the sliders

const network = JSON.parse(document.getElementById("network").textContent);
const form = document.getElementById("controls");
const picture = document.getElementById("picture");

function update() {
  const [steps, gain] = [form.steps, form.gain].map((input) => Number(input.value));
  form.steps.nextElementSibling.value = steps;
  form.gain.nextElementSibling.value = gain.toFixed(2);
  const log_sizes = walk(network, gain, steps);
  document.getElementById("sentence").textContent = sentence(gain, steps, log_sizes);
  draw(picture, gain, steps, log_sizes);
}

form.addEventListener("input", update);
new ResizeObserver(update).observe(picture); // once at the start, too
