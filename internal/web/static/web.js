// Makes the workshop live, and tells when the model has changed. Every page works
// without this: forms are sent, links are followed.
"use strict";

(() => {
  // The model's files are watched: a page that shows them follows.
  const news = document.getElementById("news");
  const form = document.getElementById("workshop");
  if (document.body.hasAttribute("data-live") && window.EventSource) {
    const events = new EventSource("/events");
    events.addEventListener("model", (e) => {
      if (e.data === document.body.dataset.mark) {
        news.textContent = ""; // as it was when the page was made
        return;
      }
      // What is being typed must not be lost: then it is only said.
      if (!form) {
        location.reload();
        return;
      }
      if (news.firstChild) return;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button";
      button.textContent = news.dataset.reload;
      button.addEventListener("click", () => location.reload());
      news.append(news.dataset.text + " ", button);
    });
    addEventListener("pagehide", () => events.close());
  }

  // What is being worked out is asked for again, and set in place of what was known:
  // the place on the page and the cursor stay.
  const renew = async () => {
    const main = document.getElementById("main");
    const stops = () => [...main.querySelectorAll("a[href], button, input, select, summary, [tabindex]")];
    try {
      const response = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (response.redirected) { // it is known, and another page shows it
        location.replace(response.url);
        return;
      }
      const got = new DOMParser().parseFromString(await response.text(), "text/html");
      const at = stops().indexOf(document.activeElement);
      const href = document.activeElement?.getAttribute("href");
      main.innerHTML = got.getElementById("main").innerHTML;
      document.title = got.title;
      if (at >= 0) (stops().find((e) => href && e.getAttribute("href") === href) || stops()[at])?.focus({ preventScroll: true });
      again(got.body.dataset.refresh);
    } catch {
      again(document.body.dataset.refresh); // the server may be back then
    }
  };
  const again = (seconds) => { if (seconds) setTimeout(renew, 1000 * seconds); };
  again(document.body.dataset.refresh);

  // Another service is shown in the state that the address holds now.
  const pick = document.getElementById("pick");
  if (pick) {
    const go = () => {
      const to = new URL(location.href);
      to.searchParams.set("service", pick.value);
      location.assign(to);
    };
    pick.addEventListener("change", go);
    pick.form.addEventListener("submit", (e) => {
      e.preventDefault();
      go();
    });
  }

  if (!form || !window.fetch) return;
  form.classList.add("live");
  // Somebody who went back before this began to listen sees what the address no
  // longer says. It is asked for again, once.
  if (location.search.slice(1) !== form.dataset.asked && !history.state?.again) {
    history.replaceState({ again: true }, "");
    location.reload();
    return;
  }
  const state = document.getElementById("state");
  const answer = document.getElementById("answer");
  const notes = document.getElementById("notes");
  const shown = [document.getElementById("now"), answer];
  const numbers = form.querySelectorAll("input[name^='n.']");
  for (const input of numbers) input.dataset.sent = input.value;
  let here = location.search; // what is shown
  let wanted = null; // the request whose answer counts
  let timer = 0; // until it is sent
  let last = ""; // the net that was switched last
  let typing = ""; // the field in which what is asked now is being typed
  let kept = ""; // the field whose typing the last entry of the history holds

  // Only what was changed is sent: the rest is in the state.
  const body = () => {
    const out = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (!name.startsWith("n.")) out.append(name, value);
    }
    for (const input of numbers) {
      if (input.value !== input.dataset.sent) out.append(input.name, input.value);
    }
    out.append("last", last);
    return out;
  };

  // remember makes the address that of what is shown. Going back leads to what was
  // asked before: not to each key of what was typed since, nor to the same again.
  const remember = (url) => {
    const to = new URL(url, location.href);
    const same = to.href === location.href;
    if (same || (typing && typing === kept)) history.replaceState(null, "", to);
    else history.pushState(null, "", to);
    if (!same) kept = typing;
    here = location.search;
    for (const a of document.querySelectorAll(".langs a")) {
      to.searchParams.set("lang", a.lang);
      a.href = to;
    }
  };

  const show = (got) => {
    for (const [id, html] of Object.entries(got.parts)) {
      const place = document.getElementById(id);
      const focus = place.contains(document.activeElement) ? document.activeElement.id : "";
      // The details that somebody has opened stay open.
      const open = [...place.querySelectorAll("details")].map((d) => d.open);
      place.innerHTML = html;
      place.querySelectorAll("details").forEach((d, i) => { if (open[i]) d.open = true; });
      if (focus) document.getElementById(focus)?.focus({ preventScroll: true });
    }
    document.getElementById("told").textContent = form.querySelector("#now .verdict")?.textContent || "";
    state.value = got.state;
    for (const input of numbers) {
      const said = got.numbers[input.name.slice(2)] || {};
      const row = input.closest(".number");
      row.classList.toggle("wrong", !!said.error);
      row.classList.toggle("turned", !!said.was);
      if (said.error) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
      const hint = document.getElementById(input.id + "-d");
      if (said.error) hint.lang = "en"; // the reader of models speaks no other language
      else hint.removeAttribute("lang");
      hint.textContent = said.error || said.was || hint.dataset.usual || "";
      // The model's number again; not under the hands of who is typing another.
      if (!said.error && !said.was && input !== document.activeElement) input.value = input.dataset.was;
      input.dataset.sent = input.value;
    }
    for (const a of document.querySelectorAll(".bar nav a")) {
      if (got.links[a.textContent]) a.href = got.links[a.textContent];
    }
    const home = document.querySelector(".bar nav a"); // the first page
    if (home) document.querySelector(".brand a").href = home.href;
    remember(got.url);
  };

  const send = async () => {
    const mine = (wanted = new AbortController());
    for (const part of shown) part.classList.add("busy");
    answer.setAttribute("aria-busy", "true");
    try {
      let response;
      for (let tries = 5; ; tries--) {
        response = await fetch("/workshop", { method: "POST", body: body(), headers: { "X-Live": "1" }, signal: mine.signal });
        const wait = response.headers.get("Retry-After");
        if (response.status !== 503 || !wait || tries === 0) break;
        await new Promise((resume) => setTimeout(resume, 1000 * wait)); // the server is busy
        if (mine !== wanted) return;
      }
      const got = await response.json();
      if (mine !== wanted) return;
      if (!response.ok) throw new Error([got.title, got.detail].filter(Boolean).join(". "));
      show(got);
    } catch (e) {
      if (mine !== wanted) return;
      notes.querySelector(".failed")?.remove();
      const box = document.createElement("div");
      box.className = "alert bad failed";
      box.setAttribute("role", "alert");
      box.textContent = notes.dataset.failed + " " + e.message;
      notes.prepend(box);
    } finally {
      if (mine === wanted) {
        for (const part of shown) part.classList.remove("busy");
        answer.removeAttribute("aria-busy");
      }
    }
  };
  // An answer to what is no longer asked does not count, even if it has come.
  const soon = (ms, field) => {
    clearTimeout(timer);
    wanted?.abort();
    wanted = null;
    typing = field;
    timer = setTimeout(send, ms);
  };
  form.addEventListener("input", (e) => { if (e.target.type === "text") soon(500, e.target.name); });
  form.addEventListener("change", (e) => {
    if (e.target.name === "net") last = e.target.value;
    // A field is left: what was typed there is one step.
    soon(0, e.target.type === "text" ? e.target.name : "");
  });
  form.addEventListener("focusin", () => { kept = ""; });
  form.addEventListener("submit", (e) => {
    e.preventDefault();
    soon(0, document.activeElement?.name?.startsWith("n.") ? document.activeElement.name : "");
  });
  addEventListener("popstate", () => {
    if (location.search !== here) location.reload(); // else it is another place of the same page
  });
})();
