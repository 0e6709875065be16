"use strict";
// Text goes into the page as text nodes alone: nothing that a file says can act.
const data = JSON.parse(document.getElementById("data").textContent);
const at = id => document.getElementById(id);
const make = (tag, attributes, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter(child => child !== null && child !== undefined));
  return element;
};
const bad = new Set(data.buckets.filter(bucket => bucket.bad).map(bucket => bucket.name));
const number = value => value.toLocaleString("en");

// What is asked for lives in the address behind #, so that it can be kept and sent.
const asked = { bucket: "", rule: "", format: "", alike: "", text: "", open: "" };
const readHash = () => {
  const given = new URLSearchParams(location.hash.slice(1));
  for (const name of Object.keys(asked)) asked[name] = given.get(name) || "";
};
const writeHash = () => {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(asked)) if (value) given.set(name, value);
  history.replaceState(null, "", "#" + given.toString());
};

const rulesOf = file => file.lines.flatMap(line => [...line.broken, ...line.healed].map(rule => rule.rule));
// What kind of difference it is, whatever the figures: of three hundred files most show the same few faults.
const kindOf = file => {
  const found = new Set();
  for (const line of file.lines) {
    const [before, now] = line.status.map(status => status || "nothing");
    if (before !== now) found.add(before + " → " + now);
    for (const rule of line.broken) found.add(rule.rule + " broken");
    for (const rule of line.healed) found.add(rule.rule + " healed");
    for (const [key, change] of Object.entries(line.changes)) found.add(change.change + " in " + key.split(".")[0]);
    for (const [name] of line.facts) found.add(name);
  }
  return [...found].join(", ") || file.buckets.join(", ");
};
const wordsOf = file => JSON.stringify([file.name, file.title, file.gist, file.lines.map(line =>
  [line.report, line.changes, line.broken, line.facts])]).toLowerCase();

const isAsked = file =>
  (!asked.bucket || file.buckets.includes(asked.bucket)) &&
  (!asked.rule || rulesOf(file).includes(asked.rule)) &&
  (!asked.format || file.format === asked.format) &&
  (!asked.alike || (file.kind ??= kindOf(file)) === asked.alike) &&
  (!asked.text || (file.words ??= wordsOf(file)).includes(asked.text.toLowerCase()));

const badge = name => make("span", { class: bad.has(name) ? "badge bad" : "badge" }, name);

const card = (file, index) => {
  const button = make("button", { type: "button", "aria-expanded": "false" },
    make("span", { class: "name" }, file.name),
    make("span", {}, file.buckets.map(badge)),
    make("span", { class: "gist" }, file.gist));
  const element = make("article", { "data-index": index }, button);
  button.addEventListener("click", () => toggle(file, element));
  return element;
};

const toggle = (file, element, want) => {
  const opened = element.classList.contains("opened");
  if (want === opened) return;
  element.classList.toggle("opened", !opened);
  element.firstChild.setAttribute("aria-expanded", String(!opened));
  if (opened) element.lastChild.remove();
  else element.append(inside(file));
};

const inside = file => {
  const box = make("div", { class: "inside" });
  const link = file.link ? make("a", { href: file.link }, "open the file") : "the file is not at hand";
  box.append(make("p", {}, file.title ? file.title + " · " : "", link, cost(file)));
  for (const line of file.lines) box.append(...ofLine(file, line));
  if (file.document) box.append(make("h4", {}, "the document as read: - before, + now"), make("pre", {}, file.document));
  return box;
};

const cost = file => {
  if (!file.cost) return "";
  const one = ([micros, memory]) => (micros / 1000).toFixed(1) + " ms" + (memory ? ", " + Math.round(memory / 1048576) + " MiB" : "");
  return " · " + one(file.cost[0]) + " → " + one(file.cost[1]);
};

const ofLine = (file, line) => {
  const parts = [];
  const which = [line.member, line.part ? "report " + line.part : ""].filter(Boolean).join(" · ");
  if (line.report.some(Boolean)) parts.push(make("p", { class: "report" }, line.report.filter(Boolean).join(" · ")));
  const [before, now] = line.status.map(status => status || "nothing");
  parts.push(make("h3", {}, [which, before === now ? now : before + " → " + now].filter(Boolean).join(": ")));
  const rules = (list, kind, words) => list.map(rule => make("li", { class: kind },
    rule.rule + " (" + rule.severity + ") " + words + ": " + rule.message + (rule.figures.length ? " [" + rule.figures.join(", ") + "]" : "")));
  const listed = [...rules(line.broken, "red", "held before and is broken now"), ...rules(line.healed, "healed", "was broken and holds now")];
  if (listed.length) parts.push(make("ul", { class: "rules" }, listed));
  if (line.failure[0] || line.failure[1]) parts.push(pair(make("pre", {}, line.failure[0] || ""), make("pre", {}, line.failure[1] || "")));
  for (const [name, old, fresh] of line.facts) {
    parts.push(make("h4", {}, name), pair(make("pre", {}, old || "(none)"), make("pre", {}, fresh || "(none)")));
  }
  const order = (data.forms[line.form] || []).flatMap(block => block.rows).flatMap(row => row.figures);
  const changed = Object.keys(line.changes).sort((one, two) => order.indexOf(one) - order.indexOf(two));
  if (changed.length) {
    parts.push(...tables(line), make("h4", {}, "the source's own text"), sources(line, changed));
  }
  return parts;
};

const pair = (one, two) => make("div", { class: "pair" }, make("div", {}, one), make("div", {}, two));

const tables = line => {
  const parts = [];
  const known = new Set();
  for (const block of data.forms[line.form] || []) {
    const keys = block.rows.flatMap(row => row.figures);
    keys.forEach(key => known.add(key));
    if (!keys.some(key => line.changes[key])) continue;
    if (block.title) parts.push(make("h4", {}, block.title));
    parts.push(pair(table(block, line, "before"), table(block, line, "now")));
  }
  const rest = Object.keys(line.changes).filter(key => !known.has(key));
  if (rest.length) {
    const block = { columns: ["figure"], rows: rest.map(key => ({ label: key, depth: 0, figures: [key] })) };
    parts.push(pair(table(block, line, "before"), table(block, line, "now")));
  }
  return parts;
};

const table = (block, line, side) => {
  const head = make("tr", {}, make("th", { class: "row" }, data.sides[side === "before" ? 0 : 1]), block.columns.map(column => make("th", {}, column)));
  const rows = block.rows.map(row => {
    const differs = row.figures.some(key => line.changes[key]);
    const label = make("th", { class: "row", style: "padding-left:" + (0.35 + row.depth) + "rem" }, row.label);
    return make("tr", { class: differs ? null : "same" }, label, row.figures.map(key => cell(line, key, side)));
  });
  return make("table", {}, make("thead", {}, head), make("tbody", {}, rows));
};

const cell = (line, key, side) => {
  const change = line.changes[key];
  if (!change) return make("td", { title: key }, line.values[key] ?? "");
  const figure = change[side];
  const words = figure ? key + "\n" + figure.state + (figure.place ? " at " + figure.place : "") + "\n" + figure.raw : key;
  return make("td", { class: change.change, title: words }, figure ? figure.shown : "—");
};

const sources = (line, keys) => {
  const rows = keys.map(key => {
    const change = line.changes[key];
    const side = figure => make("td", { class: "text" }, figure ? figure.shown + (figure.raw && figure.raw !== figure.shown ? " «" + figure.raw + "»" : "") : "—",
      figure && figure.place ? make("div", { class: "gist" }, figure.place) : null);
    const found = change.source.length ? change.source.map(excerpt) : "not at hand";
    return make("tr", {}, make("th", { class: "row" }, key), make("td", { class: "text" }, change.change), side(change.before), side(change.now), make("td", { class: "text" }, found));
  });
  const head = make("tr", {}, ["figure", "", data.sides[0], data.sides[1], "where it stands, with its row"].map(words => make("th", { class: "row" }, words)));
  return make("div", { class: "source" }, make("table", {}, make("thead", {}, head), make("tbody", {}, rows)));
};

const excerpt = found => make("div", {}, make("div", { class: "gist" }, found.place),
  make("table", {}, make("tbody", {}, make("tr", {}, found.row.map((text, index) => make("td", { class: index === found.cell ? "here text" : "text" }, text))))));

const show = () => {
  const shown = data.cases.map((file, index) => [file, index]).filter(([file]) => isAsked(file));
  at("cases").replaceChildren(...shown.map(([file, index]) => card(file, index)));
  at("count").textContent = number(shown.length) + " of " + number(data.cases.length) + " files" +
    (data.more ? ", and " + number(data.more) + " more in differences.jsonl" : "");
  for (const button of at("buckets").children) button.setAttribute("aria-pressed", String(button.dataset.bucket === asked.bucket));
  at("rule").value = asked.rule;
  at("format").value = asked.format;
  at("alike").value = asked.alike;
  if (at("text").value !== asked.text) at("text").value = asked.text;
  if (asked.open) for (const element of at("cases").children) {
    const file = data.cases[Number(element.dataset.index)];
    if (asked.open === "all" || file.name === asked.open) toggle(file, element, true);
  }
};
const ask = change => { Object.assign(asked, { open: "" }, change); writeHash(); show(); };

const begin = () => {
  at("verdict").textContent = data.verdict;
  const figures = data.figures;
  const accuracy = data.accuracy;
  at("totals").textContent = data.sides.join(" against ") + ": " + number(data.files) + " files, " + number(data.reports) + " reports. Figures: " +
    Object.entries(figures).map(([name, count]) => number(count) + " " + name).join(", ") + "." +
    (accuracy ? " Against the truth: " + number(accuracy.exact) + " of " + number(accuracy.figures) + " figures exact, " + number(accuracy.perfect) +
      " of " + number(accuracy.reports) + " reports right in everything, " + number(accuracy.silent) + " silent errors, " + number(accuracy.others) + " other faults." : "");
  at("exceeded").append(...data.exceeded.map(words => make("li", {}, words)));
  at("buckets").append(...data.buckets.map(bucket => {
    const button = make("button", { type: "button", class: bucket.bad ? "bad" : null, title: bucket.words, "data-bucket": bucket.name }, bucket.name + " " + number(bucket.count));
    button.addEventListener("click", () => ask({ bucket: asked.bucket === bucket.name ? "" : bucket.name }));
    return button;
  }));
  const options = values => [...new Set(values)].filter(Boolean).sort().map(value => make("option", { value }, value));
  at("rule").append(...options(data.cases.flatMap(rulesOf)));
  at("format").append(...options(data.cases.map(file => file.format)));
  at("rule").addEventListener("change", event => ask({ rule: event.target.value }));
  at("format").addEventListener("change", event => ask({ format: event.target.value }));
  const kinds = new Map();
  for (const file of data.cases) kinds.set(file.kind ??= kindOf(file), (kinds.get(file.kind) || 0) + 1);
  const often = [...kinds].sort(([, one], [, two]) => two - one);
  at("alike").append(...often.map(([value, count]) => make("option", { value, title: value }, number(count) + " × " + value)));
  at("alike").addEventListener("change", event => ask({ alike: event.target.value }));
  at("text").addEventListener("input", event => ask({ text: event.target.value }));
  at("open").addEventListener("click", () => ask({ open: "all" }));
  at("clear").addEventListener("click", () => ask({ bucket: "", rule: "", format: "", alike: "", text: "" }));
  const said = words => {
    const all = [words].flat();
    const rest = all.slice(3);
    return [all.slice(0, 3).join("; "), rest.length ? make("details", {}, make("summary", {}, "and " + number(rest.length) + " more"), rest.join("; ")) : null];
  };
  const list = (heading, entries) => entries.length ? [make("h2", {}, heading), make("ul", {}, entries.map(([name, words]) =>
    make("li", {}, make("b", {}, name), ": ", ...said(words).filter(Boolean))))] : [];
  at("others").append(...list("Fail and should not", data.failed), ...list("Not as their truth says", data.faults));
  addEventListener("hashchange", () => { readHash(); show(); });
  readHash();
  show();
};
begin();
