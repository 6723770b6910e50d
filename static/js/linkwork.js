// Small comforts. Every page works without them.

// A row of links that is pushed along on a phone shows where one is.
for (const here of document.querySelectorAll(".lw-nav__list [aria-current], .lw-tabs [aria-current]")) {
  const row = here.closest("ul");
  row.scrollLeft = here.offsetLeft - row.offsetLeft - (row.clientWidth - here.offsetWidth) / 2;
}

// Ctrl-K anywhere, or / outside a text box: to the search box.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  const wanted = (event.key === "k" && (event.ctrlKey || event.metaKey)) || (event.key === "/" && !typing);
  const box = document.querySelector("[data-search]");
  if (!wanted || !box) return;
  event.preventDefault();
  box.focus();
  box.select();
});

// "in 1 week": the button knows its date, the box takes it.
document.addEventListener("click", (event) => {
  const pick = event.target.closest("[data-quick-date]");
  if (!pick) return;
  const box = document.getElementById(pick.dataset.for);
  box.value = pick.dataset.quickDate;
  box.dispatchEvent(new Event("change", { bubbles: true }));
  box.focus();
});

// "Cancel" on a form opened in place puts the page back as it was; elsewhere it is a plain link.
document.addEventListener("click", (event) => {
  const cancel = event.target.closest("[data-close-slot]");
  const slot = cancel?.closest(".lw-slot");
  if (!slot) return;
  event.preventDefault();
  slot.replaceChildren();
  document.querySelector(`[hx-target="#${slot.id}"]`)?.focus();
});

// "More" beside a row is put away by Escape, a click elsewhere, or when what was chosen opens.
document.addEventListener("click", (event) => {
  const kept = event.target.closest("a") ? null : event.target.closest(".lw-more");
  for (const more of document.querySelectorAll(".lw-more[open]")) if (more !== kept) more.open = false;
});
document.addEventListener("keydown", (event) => {
  const more = event.key === "Escape" && event.target.closest(".lw-more[open]");
  if (!more) return;
  more.open = false;
  more.querySelector("summary").focus();
});

// What opens in place takes the focus.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.matches(".lw-slot")) event.target.querySelector("h2, h3")?.focus();
});

// "Copy": the text of a box, and a word that it is done.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const box = document.getElementById(button.dataset.copy);
  box.select();
  await navigator.clipboard?.writeText(box.value);
  button.parentElement.querySelector("[data-copied]").textContent = "Copied";
});

// What is found as one types: down and up go through it, Escape or a click elsewhere puts it away.
document.addEventListener("keydown", (event) => {
  const search = event.target.closest(".lw-search");
  const box = search?.querySelector("[data-search]");
  const places = search ? [box, ...search.querySelectorAll(".lw-search__found a")] : [];
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const next = places[places.indexOf(event.target) + step];
  if (step && next) {
    event.preventDefault();
    next.focus();
  } else if (search && event.key === "Escape") {
    search.querySelector(".lw-search__found").replaceChildren();
    box.focus();
  }
});
document.addEventListener("click", (event) => {
  if (!event.target.closest(".lw-search")) document.querySelector(".lw-search__found")?.replaceChildren();
});
