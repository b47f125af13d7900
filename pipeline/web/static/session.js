// Warns two minutes before somebody is signed out, and lets them stay. Also puts the focus on
// what a page tells first: an error, or what was done.
(function () {
  "use strict";
  var body = document.body;
  var idle = Number(body.dataset.idle) * 1000;
  var warnBefore = 120 * 1000;
  var seen = Date.now();
  var box = null;

  function sinceSeen() { return Date.now() - seen; }

  // What is done in one window counts in all of them.
  var others = new BroadcastChannel("candour");
  others.addEventListener("message", function () { seen = Date.now(); close(); });
  others.postMessage("seen");

  function used() {
    seen = Date.now();
    close();
    others.postMessage("seen");
  }

  function close() {
    if (box) { box.remove(); box = null; }
  }

  function stay() {
    fetch("/account/stay", {
      method: "POST",
      headers: { "X-CSRF-Token": body.dataset.token, "Content-Type": "application/json" },
      body: "{}",
    }).then(function (answer) {
      if (answer.ok) { used(); document.getElementById("main").focus(); }
      else { location.assign("/sign-in"); }
    }).catch(function () { tell("Candour does not answer. Is it still running?"); });
  }

  function tell(text) {
    if (!box) {
      box = document.createElement("div");
      box.className = "warn";
      box.setAttribute("role", "alertdialog");
      box.setAttribute("aria-labelledby", "warn-text");
      var inside = document.createElement("div");
      inside.className = "wide";
      var words = document.createElement("p");
      words.id = "warn-text";
      var button = document.createElement("button");
      button.type = "button";
      button.textContent = "Stay signed in";
      button.addEventListener("click", stay);
      inside.append(words, button);
      box.append(inside);
      body.append(box);
      button.focus();
    }
    document.getElementById("warn-text").textContent = text;
  }

  function look() {
    var left = idle - sinceSeen();
    if (left <= 0) {
      // Once: a second form would come from a session that the first one ended.
      clearInterval(looking);
      document.querySelector(".me form").submit();
      return;
    }
    if (left <= warnBefore && !box) { tell("You will be signed out in two minutes."); }
  }

  // Pages with requests of their own say so: each one counts as something done.
  document.addEventListener("candour:seen", used);
  var looking = setInterval(look, 5000);

  var told = document.getElementById("error-summary") || document.getElementById("done");
  if (told) { told.focus(); }
})();
