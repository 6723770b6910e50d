// Words typed into a form on a case outlive a closed browser, a lost session, a server that is away and a second tab.
// docs/adr/0017-drafts.md says how. Every form works without this.
(() => {
  const person = document.querySelector("meta[name=lw-person]")?.content;
  if (!person) return;

  const ON_A_CASE = /^(\/cases\/[0-9a-f-]{36}\/)[a-z]/;
  const OURS = "lw-draft:";
  const MINE = `${OURS}${person}:`;
  const DAYS = 14;
  const A_MOMENT = 1000;
  const A_WHILE = 5000;
  const NOT_YET = "Linkwork cannot be reached, or you have been signed out.";
  const KEPT_HERE = `${NOT_YET} Your words are kept on this computer, for you alone, and come back when you do.`;
  const LEAVE_OPEN = `${NOT_YET} Leave this page open, so that your words are not lost.`;

  // ---- The server

  const cookie = (name) => document.cookie.split("; ").find((each) => each.startsWith(`${name}=`))?.split("=")[1];

  async function ask(what, form, details) {
    const body = new URLSearchParams({ form, ...details });
    const response = await fetch(`${form.match(ON_A_CASE)[1]}drafts/${what}/`, {
      method: "POST",
      body,
      headers: { "X-CSRFToken": cookie("csrftoken") ?? "" },
      redirect: "manual", // A lost session leads to the sign-in page: that is no answer.
      keepalive: body.toString().length < 60000,
    });
    if (!response.ok) throw new Error("not kept");
    return response.json();
  }

  const keep = (draft) =>
    ask("keep", draft.form, {
      draft_id: draft.id,
      words: JSON.stringify(draft.words),
      base: JSON.stringify(draft.base),
      written_at: draft.at,
      instead_of: draft.insteadOf?.id ?? "",
      as_written: draft.insteadOf?.as_written ?? "",
    });

  // ---- This computer: only until the server has the words, and locked with a key only their writer is given

  const bytes = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const text = (buffer) => btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(""));
  let key = null;

  async function setKey(raw) {
    key ??= await crypto.subtle?.importKey("raw", bytes(raw), "AES-GCM", false, ["encrypt", "decrypt"]);
  }

  async function store(draft) {
    if (!key) return false;
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const plain = new TextEncoder().encode(JSON.stringify(draft));
    const locked = text(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, plain));
    const newer = JSON.parse(localStorage.getItem(MINE + draft.id) ?? "{}").at > draft.at;
    if (!newer) localStorage.setItem(MINE + draft.id, JSON.stringify({ at: draft.at, form: draft.form, iv: text(iv), locked }));
    return true;
  }

  async function unlock(name) {
    const { iv, locked } = JSON.parse(localStorage.getItem(name));
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: bytes(iv) }, key, bytes(locked));
    return JSON.parse(new TextDecoder().decode(plain));
  }

  const entries = (start) => Object.keys(localStorage).filter((name) => name.startsWith(start));

  function forgetOld() {
    for (const name of entries(OURS)) {
      const { at } = JSON.parse(localStorage.getItem(name));
      if (at < Date.now() - DAYS * 24 * 60 * 60 * 1000) localStorage.removeItem(name);
    }
  }

  // What could not be sent earlier. True when something was.
  async function sendStored(except) {
    let sent = false;
    for (const name of entries(MINE).filter((each) => !except.has(each))) {
      try {
        await keep(await unlock(name));
        localStorage.removeItem(name);
        sent = true;
      } catch (problem) {
        if (problem.name === "OperationError") localStorage.removeItem(name); // locked with a key that is no more
      }
    }
    return sent;
  }

  // ---- One form

  const same = (some, others) =>
    Object.keys(some).length === Object.keys(others).length &&
    Object.entries(some).every(([name, words]) => words === others[name]);

  function element(tag, words, attributes = {}) {
    const made = document.createElement(tag);
    made.textContent = words;
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  }

  function linkButton(words, action) {
    const button = element("button", words, { type: "button", class: "lw-link-button" });
    button.addEventListener("click", action);
    return button;
  }

  class Keeping {
    constructor(form, address) {
      this.form = form;
      this.address = address;
      this.base = Object.fromEntries(this.boxes.map((box) => [box.name, box.defaultValue]));
      this.hidden = Object.fromEntries(
        ["draft", "draft_instead_of", "draft_as_written"].map((name) => [
          name,
          form.appendChild(element("input", "", { type: "hidden", name })),
        ]),
      );
      this.state = form.appendChild(element("p", "", { class: "lw-draft__state lw-soft", role: "status" }));
      this.notices = element("div", "", { class: "lw-drafts" });
      form.prepend(this.notices);
      this.begin();
      form.addEventListener("input", (event) => event.target.name in this.base && this.typed());
      form.addEventListener("submit", () => this.send());
      this.open();
    }

    get boxes() {
      return [...this.form.elements].filter((box) => box.name && box.matches("textarea, input[type=text]"));
    }

    // What differs from what the page had in it.
    get words() {
      const boxes = this.boxes.filter((box) => box.name in this.base && box.value !== this.base[box.name]);
      return Object.fromEntries(boxes.map((box) => [box.name, box.value]));
    }

    get draft() {
      const { id, words, at, insteadOf } = this;
      const base = Object.fromEntries(Object.keys(words).map((name) => [name, this.base[name]]));
      return { id, form: this.address, words, base, at, insteadOf };
    }

    get name() {
      return MINE + this.id;
    }

    // A row of its own for each form that is open: two tabs never write over each other.
    // `insteadOf` is the row its words were taken from, as it was then.
    begin(insteadOf) {
      this.id = "10000000-1000-4000-8000-100000000000".replace(/[018]/g, (digit) =>
        (digit ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (digit / 4)))).toString(16),
      );
      this.hidden.draft.value = this.id;
      this.insteadOf = insteadOf;
      this.hidden.draft_instead_of.value = insteadOf?.id ?? "";
      this.hidden.draft_as_written.value = insteadOf?.as_written ?? "";
      this.isSaving = false;
    }

    async open() {
      try {
        let answer = await ask("open", this.address);
        await setKey(answer.key);
        if (key && (await sendStored(openNames()))) answer = await ask("open", this.address);
        this.show(answer.drafts);
        this.isOpen = true;
      } catch {
        setTimeout(() => this.form.isConnected && this.open(), A_WHILE);
      }
    }

    // ---- Keeping

    async typed() {
      this.at = Date.now();
      this.isSent = false;
      this.timer ??= setTimeout(() => this.save(), A_MOMENT);
      await this.storeHere();
    }

    async storeHere() {
      this.isHere = await store(this.draft);
    }

    async save() {
      this.timer = clearTimeout(this.timer);
      const { draft, name } = this;
      if (!Object.keys(draft.words).length) return this.drop();
      this.isSaving = true;
      try {
        const { kept } = await keep(draft);
        if (!kept && !this.isSent && this.form.isConnected && draft.id === this.id) return this.saveAnew(name);
        this.insteadOf = undefined;
        if (this.at === draft.at) localStorage.removeItem(name);
        this.say("Draft kept.");
      } catch {
        this.say(this.isHere ? KEPT_HERE : LEAVE_OPEN);
        this.timer ??= setTimeout(() => this.save(), A_WHILE);
      }
    }

    // The row has ended in another tab, or was sent and the page came back: these words need one of their own.
    async saveAnew(name) {
      localStorage.removeItem(name);
      this.begin();
      await this.storeHere();
      return this.save();
    }

    async drop() {
      const { name, isSaving } = this;
      const gone = [this.id, this.insteadOf?.id].filter(Boolean);
      this.begin();
      localStorage.removeItem(name);
      this.say("");
      if (isSaving) await Promise.allSettled(gone.map((id) => ask("drop", this.address, { draft_id: id })));
    }

    // The form goes off with a token of now: signing in again in another tab has made a new one.
    send() {
      const token = this.form.elements.csrfmiddlewaretoken;
      if (token && cookie("csrftoken")) token.value = cookie("csrftoken");
      this.isSent = true;
      if (this.timer) this.save();
    }

    say(words) {
      if (this.state.textContent !== words) this.state.textContent = words;
    }

    // ---- Coming back

    show(drafts) {
      const already = drafts.find((draft) => same(draft.words, this.words));
      const rest = drafts.filter((draft) => draft !== already);
      if (already) this.take(already);
      else if (drafts.length && this.isAsItWas(drafts[0])) this.restore(rest.shift());
      for (const draft of rest) this.offer(draft);
    }

    isAsItWas(draft) {
      return Object.keys(draft.words).every((name) => this.form.elements[name]?.value === draft.base[name]);
    }

    take(draft) {
      Object.assign(this.base, draft.base);
      this.begin({ id: draft.id, as_written: draft.as_written });
      this.at = draft.at;
      return this.save();
    }

    fill(words) {
      for (const [name, value] of Object.entries(words)) {
        const box = this.form.elements[name];
        if (!box) continue;
        box.value = value;
        box.dispatchEvent(new Event("change", { bubbles: true }));
      }
    }

    restore(draft) {
      const before = Object.fromEntries(Object.keys(draft.words).map((name) => [name, this.form.elements[name]?.value]));
      this.fill(draft.words);
      this.take(draft);
      const notice = this.notice(`You were writing this ${draft.said}. Restored.`);
      notice.append(
        linkButton("Discard it", () => {
          this.fill(before);
          this.drop();
          this.close(notice);
        }),
      );
    }

    offer(draft) {
      const words = Object.values(draft.words).join("\n\n");
      const notice = this.notice(`You were also writing this ${draft.said}, and it is not the same as what is here.`);
      const details = element("details", "");
      details.append(element("summary", "What you wrote"), element("p", words, { class: "lw-draft__words" }));
      notice.append(
        details,
        linkButton("Use it instead", async () => {
          await this.save();
          this.close(notice);
          this.restore(draft);
        }),
        linkButton("Discard it", () => {
          ask("drop", this.address, { draft_id: draft.id }).catch(() => {});
          this.close(notice);
        }),
      );
    }

    notice(words) {
      const notice = element("div", "", { class: "lw-draft", role: "status" });
      notice.append(element("p", words));
      this.notices.append(notice);
      return notice;
    }

    close(notice) {
      notice.remove();
      this.boxes[0]?.focus();
    }
  }

  const keepings = [];
  const openNames = () => new Set(keepings.map((keeping) => keeping.name));

  function watch() {
    for (const form of document.querySelectorAll("form[method=post]")) {
      const address = new URL(form.action, location.href).pathname;
      if (form.lwWatched || !ON_A_CASE.test(address) || !form.querySelector("textarea")) continue;
      form.lwWatched = true;
      keepings.push(new Keeping(form, address));
    }
  }

  // Signing out leaves nothing behind, and waits a moment for what is not kept yet.
  document.addEventListener("submit", async (event) => {
    if (!event.target.getAttribute("action")?.endsWith("/logout/")) return;
    event.preventDefault();
    const waiting = keepings.filter((keeping) => keeping.timer).map((keeping) => keeping.save());
    await Promise.race([Promise.allSettled(waiting), new Promise((go) => setTimeout(go, 2 * A_MOMENT))]);
    for (const name of entries(MINE)) localStorage.removeItem(name);
    event.target.submit();
  });

  document.addEventListener("htmx:configRequest", (event) => {
    if (event.detail.verb !== "get" && cookie("csrftoken")) event.detail.headers["X-CSRFToken"] = cookie("csrftoken");
  });
  document.addEventListener("htmx:afterSwap", watch);
  addEventListener("pagehide", () => keepings.forEach((keeping) => keeping.timer && keeping.save()));
  forgetOld();
  watch();

  // Words a page long gone could not send, where this one has no form to ask for the key.
  const [left] = entries(MINE);
  if (left && !keepings.length) {
    ask("open", JSON.parse(localStorage.getItem(left)).form)
      .then(({ key: raw }) => setKey(raw))
      .then(() => key && sendStored(new Set()))
      .catch(() => {});
  }
})();
