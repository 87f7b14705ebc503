// Makes the workshop live, and tells when the model has changed. Every page works
// without this: forms are sent, links are followed.
"use strict";

(() => {
  // The model's files are watched: a page that shows them follows.
  const news = document.getElementById("news");
  if (document.body.hasAttribute("data-live") && window.EventSource) {
    const events = new EventSource("/events");
    events.addEventListener("model", (e) => {
      if (e.data === document.body.dataset.mark) return;
      // What is being typed must not be lost: then it is only said.
      const busy = document.querySelector("#workshop");
      if (!busy) {
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

  const pick = document.getElementById("pick");
  if (pick) pick.addEventListener("change", () => pick.form.submit());

  const form = document.getElementById("workshop");
  if (!form || !window.fetch) return;
  form.classList.add("live");
  const state = document.getElementById("state");
  const answer = document.getElementById("answer");
  let wanted = null; // the request whose answer counts

  // Only what was changed is sent: the rest is in the state.
  const body = () => {
    const out = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (!name.startsWith("n.")) out.append(name, value);
    }
    for (const input of form.querySelectorAll("input[data-sent]")) {
      if (input.value !== input.dataset.sent) out.append(input.name, input.value);
    }
    return out;
  };
  const numbers = form.querySelectorAll("input[name^='n.']");
  for (const input of numbers) input.dataset.sent = input.value;

  const show = (got, push) => {
    for (const [id, html] of Object.entries(got.parts)) {
      const place = document.getElementById(id);
      const focus = place.contains(document.activeElement) ? document.activeElement.id : "";
      // The details that somebody has opened stay open.
      const open = [...place.querySelectorAll("details")].map((d) => d.open);
      place.innerHTML = html;
      place.querySelectorAll("details").forEach((d, i) => { if (open[i]) d.open = true; });
      if (focus) document.getElementById(focus)?.focus();
    }
    state.value = got.state;
    for (const input of numbers) {
      const said = got.numbers[input.name.slice(2)] || {};
      const row = input.closest(".number");
      row.classList.toggle("wrong", !!said.error);
      row.classList.toggle("turned", !!said.was);
      if (said.error) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
      const hint = document.getElementById(input.id + "-d");
      if (said.error || said.was) hint.textContent = said.error || said.was;
      else {
        hint.textContent = "";
        if (input !== document.activeElement || input.value === "") input.value = input.dataset.was;
      }
      input.dataset.sent = input.value;
    }
    for (const a of document.querySelectorAll(".bar nav a")) {
      if (got.links[a.textContent]) a.href = got.links[a.textContent];
    }
    if (push) history.pushState(null, "", got.url);
  };

  const send = async () => {
    const mine = (wanted = new AbortController());
    answer.classList.add("busy");
    answer.setAttribute("aria-busy", "true");
    try {
      const response = await fetch("/workshop", { method: "POST", body: body(), headers: { "X-Live": "1" }, signal: mine.signal });
      const got = await response.json();
      if (mine !== wanted) return;
      if (!response.ok) throw new Error((got.title || "") + " " + (got.detail || ""));
      show(got, true);
    } catch (e) {
      if (e.name === "AbortError" || mine !== wanted) return;
      const box = document.createElement("div");
      box.className = "alert bad";
      box.setAttribute("role", "alert");
      box.textContent = e.message;
      answer.prepend(box);
    } finally {
      if (mine === wanted) {
        answer.classList.remove("busy");
        answer.removeAttribute("aria-busy");
      }
    }
  };
  let timer = 0;
  const soon = (ms) => {
    clearTimeout(timer);
    wanted?.abort();
    timer = setTimeout(send, ms);
  };
  form.addEventListener("change", () => soon(0));
  form.addEventListener("input", (e) => { if (e.target.type === "text") soon(500); });
  form.addEventListener("submit", (e) => {
    e.preventDefault();
    soon(0);
  });
  addEventListener("popstate", () => location.reload());
})();
