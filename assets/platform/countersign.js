// Progressive enhancement only: every page works without this file. Nothing is loaded, nothing is evaluated.
"use strict";
(() => {
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const one = (selector, root = document) => root.querySelector(selector);
  const make = (tag, className, text) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  };
  const words = (name) => one("main")?.dataset[name] ?? "";

  const say = (text) => {
    const toast = make("div", "toast", text);
    toast.setAttribute("role", "status");
    document.body.append(toast);
    setTimeout(() => toast.remove(), 2500);
  };

  // A form with errors is answered with its summary focused, so that a screen reader starts there.
  one(".error-summary")?.focus();

  for (const button of all("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const from = button.dataset.copy.startsWith("#") ? one(button.dataset.copy).textContent.trim() : button.dataset.copy;
      await navigator.clipboard.writeText(from);
      say(words("copied"));
    });
  }
  for (const button of all("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }

  // Filters send themselves; their button is for those without script.
  for (const form of all("form[data-auto-submit]")) {
    all("[data-without-script]", form).forEach((element) => { element.hidden = true; });
    form.addEventListener("change", () => form.requestSubmit());
  }

  // One box selects all rows of its table.
  for (const master of all("[data-select-all]")) {
    master.hidden = false;
    const boxes = () => all("tbody input[type=checkbox]", master.closest("table"));
    master.addEventListener("change", () => {
      boxes().forEach((box) => { if (!box.disabled) box.checked = master.checked; });
    });
  }

  // How hard a new password is to guess: measured by the server, which knows the words that belong to its owner.
  for (const box of all("[data-strength]")) {
    const form = box.closest("form");
    const input = one("#password", form);
    let timer = 0;
    // Shown from the start, in its full height: what stands below must not move while somebody goes to click it.
    box.hidden = false;
    const show = (score, text) => {
      one("meter", box).value = score;
      one("p", box).textContent = text;
    };
    const measure = async () => {
      if (!input.value) { show(0, ""); return; }
      const typed = input.value;
      const body = new URLSearchParams({ csrf: one("input[name=csrf]", form).value, password: typed });
      for (const name of ["name", "email"]) {
        const other = one(`[name=${name}]`, form);
        if (other) body.set(name, other.value);
      }
      const answer = await fetch(box.dataset.strength, { method: "POST", body }).catch(() => null);
      if (!answer?.ok || input.value !== typed) return;
      const found = await answer.json();
      show(found.score, [found.label, ...found.advice].join(" "));
    };
    input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(measure, 300); });
    // The answer to the form changes the cookie that its token is bound to: nothing is measured any more once it is sent.
    form.addEventListener("submit", () => clearTimeout(timer));
  }

  // Leaving a form with typed changes asks first.
  let dirty = false;
  for (const form of all("form[data-guard]")) {
    form.addEventListener("input", () => { dirty = true; });
    form.addEventListener("submit", () => { dirty = false; });
  }
  window.addEventListener("beforeunload", (event) => {
    if (dirty) { event.preventDefault(); event.returnValue = words("leave"); }
  });

  // A second click on a button that changes something sends nothing twice.
  for (const form of all("form[method=post]")) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) { event.preventDefault(); return; }
      form.dataset.sent = "yes";
    });
  }
  window.addEventListener("pageshow", () => all("form[data-sent]").forEach((form) => { delete form.dataset.sent; }));

  // An open menu closes on Escape and on a click elsewhere.
  document.addEventListener("click", (event) => {
    all("details.menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });

  // ---- keyboard ----
  const rows = () => all("[data-row]");
  const move = (step) => {
    const list = rows();
    if (!list.length) return;
    const at = list.findIndex((row) => row.hasAttribute("data-selected"));
    const next = list[Math.min(list.length - 1, Math.max(0, at + step))] ?? list[0];
    list[at]?.removeAttribute("data-selected");
    next.setAttribute("data-selected", "");
    one("a", next)?.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  };
  const controls = () => all("[data-key]").filter((element) => element.offsetParent !== null);
  const press = (key) => {
    const control = controls().find((element) => element.dataset.key === key);
    if (!control) return false;
    const types = /^(INPUT|TEXTAREA|SELECT)$/.test(control.tagName);
    control.scrollIntoView({ block: "nearest" });
    control.focus();
    // A button that changes something is only focused: pressing Enter is the person's own act.
    if (!types && !(control.tagName === "BUTTON" && control.form)) control.click();
    return true;
  };
  const help = () => {
    const lines = [["j", words("keysNext")], ["k", words("keysPrevious")], ["Enter", words("keysOpen")]];
    const shown = rows().length ? lines : [];
    controls().forEach((element) => shown.push([element.dataset.key, element.dataset.keyLabel ?? element.textContent.trim()]));
    const dialog = make("dialog");
    const list = make("dl");
    for (const [key, label] of shown) {
      const term = make("dt");
      term.append(make("kbd", "", key));
      list.append(term, make("dd", "", label));
    }
    const close = make("button", "button", words("keysClose"));
    close.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => dialog.remove());
    dialog.append(make("h2", "", words("keysTitle")), list, close);
    document.body.append(dialog);
    dialog.showModal();
  };
  all("[data-shortcuts]").forEach((button) => { button.hidden = false; button.addEventListener("click", help); });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      all("details.menu[open]").forEach((menu) => { menu.open = false; one("summary", menu).focus(); });
      if (event.target.type === "search") event.target.blur();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || one("dialog[open]")) return;
    if (event.key === "j") move(1);
    else if (event.key === "k") move(-1);
    else if (event.key === "?") help();
    else if (!press(event.key)) return;
    event.preventDefault();
  });

  // ---- uploads: one request per file, two at a time, each with its own line ----
  for (const form of all("form[data-upload]")) {
    const input = one("input[type=file]", form);
    const list = one("[data-upload-list]");
    const template = one("template[data-upload-row]");
    const waiting = [];
    let running = 0;
    let started = false;
    all("[data-without-script]", form).forEach((element) => { element.hidden = true; });
    all("[data-with-script]", form).forEach((element) => { element.hidden = false; });

    const show = (row, answer) => {
      const badge = one(".badge", row);
      badge.hidden = false;
      one("progress", row).hidden = true;
      const outcome = one(`[data-outcome="${answer.outcome}"]`, row) ?? one('[data-outcome="failed"]', row);
      badge.className = `badge ${outcome.dataset.tone}`;
      badge.textContent = outcome.textContent;
      one("[data-message]", row).textContent = answer.error ?? "";
      if (answer.bill_url?.startsWith("/")) {
        const link = one("a", row);
        link.href = answer.bill_url;
        link.hidden = false;
      }
      for (const finding of answer.findings ?? []) {
        one("ul", row).append(make("li", "", [finding.rule, finding.message].filter(Boolean).join(": ")));
      }
    };
    const send = (file, row) => {
      running += 1;
      const request = new XMLHttpRequest();
      const body = new FormData();
      body.append("csrf", one("input[name=csrf]", form).value);
      body.append(input.name, file);
      const bar = one("progress", row);
      request.open("POST", form.action);
      request.setRequestHeader("Accept", "application/json");
      request.upload.addEventListener("progress", (event) => { bar.max = event.total; bar.value = event.loaded; });
      request.upload.addEventListener("load", () => bar.removeAttribute("value"));
      request.addEventListener("loadend", () => {
        let answer = null;
        try { answer = JSON.parse(request.responseText); } catch { /* not our answer: reported below */ }
        if (Array.isArray(answer)) answer = answer[0];
        if (request.status === 0 || !answer?.outcome) {
          answer = { outcome: "failed", error: answer?.error ?? answer?.detail ?? list.dataset.lost };
        }
        show(row, answer);
        running -= 1;
        next();
      });
      request.send(body);
    };
    const next = () => {
      while (running < 2 && waiting.length) send(...waiting.shift());
      dirty = running > 0;
    };
    const add = (files) => {
      for (const file of files) {
        const row = template.content.firstElementChild.cloneNode(true);
        one(".name", row).textContent = file.name;
        list.append(row);
        waiting.push([file, row]);
      }
      if (!started && files.length) { started = true; list.hidden = false; }
      next();
    };
    input.addEventListener("change", () => { add(Array.from(input.files)); input.value = ""; });
    form.addEventListener("submit", (event) => event.preventDefault());
    const zone = one(".dropzone", form);
    for (const name of ["dragenter", "dragover"]) {
      zone.addEventListener(name, (event) => { event.preventDefault(); zone.classList.add("over"); });
    }
    for (const name of ["dragleave", "drop"]) {
      zone.addEventListener(name, (event) => { event.preventDefault(); zone.classList.remove("over"); });
    }
    zone.addEventListener("drop", (event) => add(Array.from(event.dataTransfer.files)));
    // A file dropped beside the zone must not replace the page.
    for (const name of ["dragover", "drop"]) window.addEventListener(name, (event) => event.preventDefault());
  }

  // A form that goes on after a factor was shown: its person has asked for it already.
  for (const form of document.querySelectorAll("form[data-go-on]")) form.submit();
})();
