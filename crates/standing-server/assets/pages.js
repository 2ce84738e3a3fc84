// What pages gain with a script: suggestions while typing, sliders that redraw without a reload, playing the years, keys on hits, progress of a screening.
// Every page answers without it. No markup is ever built from text: nodes come from the server's own pages, texts go in as text.
"use strict";

const $ = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const later = (wait, act) => { let timer; return (...args) => { clearTimeout(timer); timer = setTimeout(() => act(...args), wait); }; };

// --- Suggestions -------------------------------------------------------------------------------------------------------------
for (const input of all("input[data-suggest]")) {
  const list = document.createElement("ul");
  list.className = "suggestions"; list.id = `${input.id}-list`; list.setAttribute("role", "listbox"); list.hidden = true;
  list.setAttribute("aria-label", "Suggestions");
  input.after(list);
  Object.entries({ role: "combobox", "aria-expanded": "false", "aria-controls": list.id, "aria-autocomplete": "list" }).forEach(([k, v]) => input.setAttribute(k, v));
  let at = -1, asked = 0;
  const close = () => { list.hidden = true; at = -1; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };
  const choose = (n) => {
    const items = all("li", list); if (!items.length) return;
    at = (n + items.length) % items.length;
    items.forEach((li, i) => li.setAttribute("aria-selected", String(i === at)));
    input.setAttribute("aria-activedescendant", items[at].id);
    items[at].scrollIntoView({ block: "nearest" });
  };
  const ask = later(120, async () => {
    const text = input.value.trim(), mine = ++asked;
    if (text.length < 2) return close();
    const answer = await fetch(`${input.dataset.suggest}?q=${encodeURIComponent(text)}`).catch(() => null);
    if (!answer || !answer.ok || mine !== asked) return;
    const found = await answer.json();
    list.replaceChildren(...found.map((f, i) => {
      const li = document.createElement("li"), name = document.createElement("bdi"), id = document.createElement("span");
      li.id = `${list.id}-${i}`; li.setAttribute("role", "option"); li.setAttribute("aria-selected", "false");
      name.textContent = f.name; id.textContent = ` ${f.id}`; id.className = "ref dim";
      li.append(name, id);
      li.addEventListener("mousedown", (e) => { e.preventDefault(); location.assign(f.path); });
      li.dataset.path = f.path;
      return li;
    }));
    list.hidden = !found.length; at = -1;
    input.setAttribute("aria-expanded", String(found.length > 0));
  });
  input.addEventListener("input", ask);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (e) => {
    if (list.hidden) return;
    // Browsers would also empty the field.
    if (e.key === "Escape") { e.preventDefault(); close(); }
    if (e.key === "ArrowDown" || e.key === "ArrowUp") { e.preventDefault(); choose(at + (e.key === "ArrowDown" ? 1 : -1)); }
    if (e.key === "Enter" && at >= 0) { e.preventDefault(); location.assign(all("li", list)[at].dataset.path); }
  });
}

// --- Clocks: redraw what depends on them, keep the address true -----------------------------------------------------------------
const day = (first, n) => new Date(Date.parse(`${first}T00:00:00Z`) + n * 86400000).toISOString().slice(0, 10);
const distance = (first, date) => Math.round((Date.parse(`${date}T00:00:00Z`) - Date.parse(`${first}T00:00:00Z`)) / 86400000);
let drawing = 0, shown = location.pathname + location.search;
async function redraw(address, keep) {
  const mine = ++drawing;
  const answer = await fetch(address, { headers: { accept: "text/html" } }).catch(() => null);
  const status = $("[data-status]");
  if (!answer || mine !== drawing) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!answer.ok) { if (status) status.textContent = $(".problem", fresh)?.textContent ?? "The server could not answer."; return; }
  for (const part of all("[data-live]")) {
    const other = $(`[data-live="${part.dataset.live}"]`, fresh);
    if (other) part.replaceWith(document.adoptNode(other));
  }
  if (status) status.textContent = "";
  document.title = fresh.title;
  if (keep === "push") history.pushState(null, "", address); else if (keep === "replace") history.replaceState(null, "", address);
  if (keep) shown = location.pathname + location.search;
}
function addressOf(form) {
  const data = new URLSearchParams(new FormData(form));
  for (const [key, value] of [...data]) if (!value) data.delete(key);
  return `${form.getAttribute("action")}?${data}`;
}
function wireClocks(form) {
  const first = form.dataset.first;
  for (const range of all("input[type=range]", form)) {
    const field = $(`#${range.dataset.for}`, form);
    range.addEventListener("input", () => { field.value = day(first, +range.value); soon(form); });
    field.addEventListener("change", () => { if (field.checkValidity()) { if (field.value.length === 10) range.value = distance(first, field.value); redraw(addressOf(form), "push"); } });
  }
  const soon = later(90, (f) => redraw(addressOf(f), "push"));
  form.addEventListener("submit", (e) => { e.preventDefault(); redraw(addressOf(form), "push"); });
  const copy = $("[data-copy]", form);
  copy?.addEventListener("click", (e) => {
    const link = new URL(`${form.getAttribute("action")}?on=${$("#on", form).value}&known=${$("#known", form).value}${copy.dataset.recorded ? `&recorded=%23${copy.dataset.recorded}` : ""}`, location);
    if (navigator.clipboard) { e.preventDefault(); navigator.clipboard.writeText(link.href).then(() => { copy.textContent = "Copied"; }); }
  });
  const play = $("[data-play]", form);
  if (play) {
    play.hidden = false;
    let timer = 0;
    const stop = () => { clearInterval(timer); timer = 0; play.textContent = "▶ Play the years"; };
    play.addEventListener("click", () => {
      if (timer) return stop();
      play.textContent = "■ Stop";
      const range = $('input[data-for="on"]', form), field = $("#on", form);
      if (+range.value >= +range.max) range.value = 0;
      timer = setInterval(() => {
        if (!form.checkValidity()) return stop();
        range.value = Math.min(+range.value + 365, +range.max); field.value = day(first, +range.value);
        redraw(addressOf(form), "replace");
        if (+range.value >= +range.max) stop();
      }, 700);
    });
  }
}
all("form[data-clocks]").forEach(wireClocks);
addEventListener("popstate", () => {
  // A step within the page, such as the link past the navigation, changes no answer and must not lose the focus.
  if (location.pathname + location.search === shown) return;
  shown = location.pathname + location.search;
  const form = $("form[data-clocks]"); if (!form) return location.reload();
  const query = new URLSearchParams(location.search), today = day(form.dataset.first, +$("input[type=range]", form).max);
  for (const key of ["on", "known"]) { const field = $(`#${key}`, form); field.value = query.get(key) ?? today; if (field.value.length === 10) $(`input[data-for="${key}"]`, form).value = distance(form.dataset.first, field.value); }
  redraw(location.href, "");
});

// --- What is still being worked out is looked at again -----------------------------------------------------------------------------
const again = () => { const part = $("[data-again]"); if (part) setTimeout(() => redraw(location.href, "").then(again), +part.dataset.again); };
again();

// --- Reader: a claim and its card light each other --------------------------------------------------------------------------------
for (const one of all("[data-claim]")) {
  const pair = () => all(`[data-claim="${one.dataset.claim}"]`);
  for (const [event, lit] of [["mouseenter", true], ["mouseleave", false], ["focusin", true], ["focusout", false]]) one.addEventListener(event, () => pair().forEach((p) => p.classList.toggle("lit", lit)));
}

// --- Screening: progress and hits as they come; keys to decide ----------------------------------------------------------------------
const job = $("[data-job]");
if (job) {
  const events = new EventSource(job.dataset.job), bar = $("progress", job), says = $("[data-says]", job), hits = $("[data-hits]");
  events.addEventListener("progress", (e) => { const p = JSON.parse(e.data); if (p.of) { bar.max = p.of; } bar.value = p.done; says.textContent = p.says; });
  events.addEventListener("hit", (e) => { const row = new DOMParser().parseFromString(e.data, "text/html").body.firstElementChild; if (row && hits && hits.childElementCount < 500) hits.append(document.adoptNode(row)); });
  events.addEventListener("done", (e) => { events.close(); location.replace(JSON.parse(e.data).path); });
  events.addEventListener("failed", (e) => { events.close(); says.textContent = JSON.parse(e.data).says; });
}
let chosen = -1;
addEventListener("keydown", (e) => {
  if (e.ctrlKey || e.metaKey || e.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement?.tagName ?? "")) return;
  const hits = all("[data-hit]"); if (!hits.length) return;
  if (e.key === "n" || e.key === "p") {
    chosen = Math.min(Math.max(chosen + (e.key === "n" ? 1 : -1), 0), hits.length - 1);
    hits.forEach((h, i) => h.classList.toggle("chosen", i === chosen));
    hits[chosen].focus(); hits[chosen].scrollIntoView({ block: "center" });
  } else if ("sdu".includes(e.key) && chosen >= 0) {
    const button = $(`button[value="${{ s: "same", d: "different", u: "unsure" }[e.key]}"]`, hits[chosen]);
    if (button) { e.preventDefault(); button.click(); }
  }
});
for (const form of all("form[data-judge]")) form.addEventListener("submit", async (e) => {
  e.preventDefault();
  const body = new URLSearchParams(new FormData(form, e.submitter));
  const answer = await fetch(form.action, { method: "POST", body, headers: { accept: "application/json" } }).catch(() => null);
  const says = $("[data-decided]", form);
  const told = answer ? await answer.json().catch(() => ({})) : {};
  says.textContent = told.says ?? told.detail ?? "The decision could not be recorded.";
});
