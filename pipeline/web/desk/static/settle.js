// The desk's steps: a key or a button is sent, the next card comes back, and the panes follow.
// Without this script every card is a form, and the page is loaded anew after each.
(function () {
  "use strict";
  var desk = document.getElementById("desk");
  if (!desk) { return; }
  var panes = document.getElementById("panes");
  var token = document.body.dataset.token;
  var at = "/reviews/" + desk.dataset.review + "/desk";
  var busy = false;
  var shownContexts = false;
  var watcher = null;
  var shownEditions = { source: Number(desk.dataset.edition), published: desk.dataset.ready === "yes" ? Number(desk.dataset.edition) : -1 };

  function what() { return document.getElementById("what"); }
  function edition() { return Number(desk.dataset.edition); }

  function send(where, content) {
    content.ticket = desk.dataset.ticket;
    return fetch(at + where, {
      method: "POST",
      headers: { "X-CSRF-Token": token, "Content-Type": "application/json" },
      body: JSON.stringify(content),
    }).then(function (answer) {
      document.dispatchEvent(new Event("candour:seen"));
      if (answer.status === 401) { location.assign("/sign-in?ended=idle"); throw new Error("ended"); }
      return answer.json().then(function (told) {
        if (!answer.ok) { throw new Error(told.error || "The desk did not take that. Load the page again."); }
        return told;
      });
    });
  }

  function say(text, isFault) {
    document.getElementById("said").textContent = text;
    var old = document.querySelector(".fault");
    if (old) { old.remove(); }
    if (isFault) {
      var box = document.createElement("p");
      box.className = "fault";
      box.setAttribute("role", "alert");
      box.textContent = text;
      document.getElementById("item").prepend(box);
    }
  }

  function fault(error) {
    busy = false;
    var text = error instanceof TypeError ? "The desk does not answer. Is it still running? Nothing was changed." : error.message;
    if (text !== "ended") { say(text, true); }
  }

  // One step; while it is on its way no other is sent.
  function step(content) {
    if (busy || desk.dataset.may !== "yes") { return Promise.resolve(false); }
    busy = true;
    content.edition = edition();
    content.at = what() ? what().dataset.key : "";
    return send("/step", content).then(function (told) {
      busy = false;
      show(told);
      refresh();
      return true;
    }).catch(function (error) { fault(error); return false; });
  }

  function turn(content) {
    if (busy) { return; }
    busy = true;
    send("/item", content).then(function (told) { busy = false; show(told); }).catch(fault);
  }

  function show(told) {
    desk.dataset.edition = told.edition;
    document.getElementById("item").innerHTML = told.html;
    document.querySelectorAll("input.edition").forEach(function (field) { field.value = told.edition; });
    say(told.said);
    ready();
    document.getElementById("item-title").focus({ preventScroll: true });
    document.getElementById("queue").scrollTop = 0;
  }

  // What is new in an item's page: progress, choices of the dialogs, the mentions in the report.
  function ready() {
    var counts = document.getElementById("new-counts");
    if (counts) {
      document.getElementById("counts").textContent = counts.textContent;
      var bar = document.getElementById("how-far");
      var done = document.getElementById("new-progress").dataset;
      bar.max = done.all;
      bar.value = done.done;
    }
    document.querySelectorAll(".script").forEach(function (one) { one.hidden = false; });
    document.dispatchEvent(new Event("candour:item"));
    follow();
    watch();
  }

  // A card is accepted only once its mentions were on the screen.
  function watch() {
    if (watcher) { watcher.disconnect(); }
    shownContexts = false;
    var list = document.getElementById("contexts");
    if (!list || !list.children.length) { seenAll(); return; }
    var left = new Set(list.children);
    watcher = new IntersectionObserver(function (entries) {
      entries.forEach(function (entry) { if (entry.isIntersecting) { left.delete(entry.target); } });
      if (!left.size) { seenAll(); watcher.disconnect(); }
    }, { threshold: 0.6 });
    Array.from(list.children).forEach(function (one) { watcher.observe(one); });
  }

  function seenAll() {
    shownContexts = true;
    if (what()) { what().dataset.shown = "yes"; }
  }

  function follow() {
    panes.querySelectorAll("mark.now, mark.here").forEach(function (one) { one.classList.remove("now", "here"); });
    var card = what() && what().dataset.card;
    if (!card) {
      var first = document.querySelector("#contexts [data-goto]");
      if (first) { go(Number(first.dataset.goto), false); }
      return;
    }
    var own = panes.querySelectorAll('mark[data-c="' + CSS.escape(card) + '"]');
    own.forEach(function (one) { one.classList.add("now"); });
    if (own.length) { beside(own[0]); }
  }

  function into(element) { element.scrollIntoView({ block: "center", behavior: "auto" }); }

  // The panes alone move: in a narrow window they stand below the card, which is to be read first.
  function beside(element) {
    var frame = panes.getBoundingClientRect(), found = element.getBoundingClientRect();
    panes.scrollTop += found.top - frame.top - Math.max(0, panes.clientHeight - found.height) / 2;
  }

  // Where a place of the text stands in the pane: the last cell that starts before it.
  function cellOf(place) {
    var cells = panes.querySelectorAll(".src [data-s]");
    var low = 0, high = cells.length - 1;
    while (low < high) {
      var middle = (low + high + 1) >> 1;
      if (Number(cells[middle].dataset.s) <= place) { low = middle; } else { high = middle - 1; }
    }
    return cells[low];
  }

  function go(place, marked) {
    var cell = cellOf(place);
    if (!cell) { return; }
    if (marked === false) { beside(cell); return; }
    into(cell);
    cell.querySelectorAll("mark").forEach(function (one) {
      if (offset(cell, one, 0) === place) { one.classList.add("here"); into(one); }
    });
  }

  // How many characters (code points, as the text counts) of a cell stand before a point in it.
  function offset(cell, node, inside) {
    var range = document.createRange();
    range.setStart(cell, 0);
    range.setEnd(node, inside);
    return Number(cell.dataset.s) + Array.from(range.toString()).length;
  }

  function selected() {
    var chosen = getSelection();
    if (!chosen.rangeCount || chosen.isCollapsed) { return null; }
    var range = chosen.getRangeAt(0);
    var home = range.startContainer.nodeType === 1 ? range.startContainer : range.startContainer.parentElement;
    var cell = home && home.closest(".src [data-s]");
    if (!cell || !cell.contains(range.endContainer)) { return null; }
    return { start: offset(cell, range.startContainer, range.startOffset), end: offset(cell, range.endContainer, range.endOffset), words: range.toString() };
  }

  // The panes follow what was decided: the report at once, the publication when it is worked out.
  var waiting = { source: false, published: false };
  var again = { source: false, published: false };
  var later = 0;
  // The publication is worked out once nobody has pressed a key for a moment: it takes a second.
  function refresh() {
    pane("source");
    document.getElementById("pub-state").textContent = "being worked out …";
    clearTimeout(later);
    later = setTimeout(function () { pane("published"); }, 500);
  }
  function pane(name) {
    if (waiting[name]) { again[name] = true; return; }
    waiting[name] = true;
    var state = document.getElementById("pub-state");
    if (name === "published") { state.textContent = "being worked out …"; }
    send("/rows", { pane: name, since: shownEditions[name] }).then(function (told) {
      var side = name === "source" ? ".src" : ".pub";
      Object.keys(told.rows).forEach(function (row) {
        var cell = document.querySelector("#b" + row + " > " + side);
        if (cell) { cell.innerHTML = told.rows[row]; }
      });
      shownEditions[name] = told.edition;
      waiting[name] = false;
      // An answer that was on its way when the next step was taken shows the text before it.
      if (name === "published" && !again[name] && told.edition >= edition()) { state.textContent = ""; }
      var card = what() && what().dataset.card;
      if (card) {
        panes.querySelectorAll('mark[data-c="' + CSS.escape(card) + '"]').forEach(function (one) { one.classList.add("now"); });
      }
      if (again[name]) { again[name] = false; pane(name); }
    }).catch(function (error) {
      waiting[name] = false;
      if (name === "published") { state.textContent = "not worked out: " + error.message; }
    });
  }

  function wereRead() {
    if (!shownContexts) {
      document.getElementById("contexts").scrollIntoView({ block: "end" });
      say("Read the mentions first, then decide.", true);
    }
    return shownContexts;
  }

  function judge(verdict) {
    var card = what();
    if (!card || !card.dataset.card) { return; }
    if (verdict !== "undecided" && !wereRead()) { return; }
    step({ do: "judge", card: card.dataset.card, verdict: verdict, seen: card.dataset.seen });
  }

  function press(key) {
    var item = what();
    var kind = item ? item.dataset.what : "";
    if (key === "u") { step({ do: "undo" }); }
    else if (key === "y") { step({ do: "redo" }); }
    else if (key === "n" || key === "p") {
      var here = item ? Number(item.dataset.place) : -1;
      turn({ place: key === "n" ? here + 1 : Math.max(here, 0) - 1 + (here === 0 ? Number(document.getElementById("new-progress").dataset.all) : 0) });
    }
    else if (key === "a" && kind === "card") { judge("accept"); }
    else if (key === "a" && kind === "left") { if (wereRead()) { step({ do: "pass", groups: [item.dataset.group] }); } }
    else if (key === "r" && kind === "card") { judge("reject"); }
    else if (key === "r" && kind === "left") {
      if (!item.dataset.guess) { window.candourDesk.open("miss"); }
      else if (wereRead()) { step({ do: "add", start: Number(item.dataset.start), end: Number(item.dataset.end), kind: item.dataset.guess }); }
    }
    else if (key === "o" && kind === "card") { judge("undecided"); }
    else if (key === "o" && kind === "left") { step({ do: "pass", groups: [item.dataset.group], again: true }); }
    else if (key === "confirm") { step({ do: "pass", groups: [] }); }
    else if (/^[1-9]$/.test(key) && kind === "line") {
      var button = document.querySelector('#clear-form [data-key="' + key + '"]');
      if (button) { clear(button.value); }
    }
    else { return false; }
    return true;
  }

  function clear(code) {
    var field = document.getElementById("description");
    var words = field && code === "picture-removed" ? field.value.trim() : "";
    step({ do: "clear", line: what().dataset.line, code: code, description: words || null });
  }

  function keysOn() { return localStorage.getItem("candour-keys") !== "off"; }

  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !keysOn()) { return; }
    // Until the page is drawn again, the focus may still be in a dialog that has just been closed.
    var box = event.target.closest("dialog");
    if (box ? box.open : event.target.closest("input, select, textarea, [contenteditable]")) { return; }
    var key = event.key.toLowerCase();
    var opens = { l: "label", e: "bounds", x: "mentions", m: "merge", s: "mentions", h: "miss", "?": "keys" }[key];
    if (opens) { event.preventDefault(); window.candourDesk.open(opens); return; }
    if (press(key)) { event.preventDefault(); }
  });

  document.addEventListener("click", function (event) {
    var target = event.target.closest("[data-goto], [data-turn], [data-do], [data-open], mark[data-c], .step button");
    if (!target) { return; }
    if (target.dataset.goto) { follow(); go(Number(target.dataset.goto)); }
    else if (target.dataset.turn) { event.preventDefault(); press(target.dataset.turn === "1" ? "n" : "p"); }
    else if (target.dataset.do) { event.preventDefault(); step({ do: target.dataset.do }); }
    else if (target.dataset.open) { window.candourDesk.open(target.dataset.open); }
    else if (target.matches("mark[data-c]")) { if (getSelection().isCollapsed && target.dataset.c) { turn({ card: target.dataset.c }); } }
    else if (target.form.id === "judge-form") { event.preventDefault(); judge(target.value); }
    else if (target.form.id === "pass-form") { event.preventDefault(); press(target.dataset.key); }
    else if (target.form.id === "clear-form") { event.preventDefault(); clear(target.value); }
  });

  window.candourDesk = { step: step, send: send, what: what, selected: selected, say: say, fault: fault, keysOn: keysOn };
  ready();
  if (desk.dataset.ready !== "yes") { pane("published"); }
})();
