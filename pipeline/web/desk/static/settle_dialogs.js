// What opens over the desk: a label, bounds, a miss, two cards that are one, each place, the keys.
(function () {
  "use strict";
  var desk = window.candourDesk;
  if (!desk) { return; }
  function get(id) { return document.getElementById(id); }

  // The choices of the dialogs come anew with each card.
  document.addEventListener("candour:item", fill);
  function fill() {
    var others = get("fresh-others"), positions = get("fresh-positions");
    if (!others) { return; }
    get("merge-into").replaceChildren(others.content.cloneNode(true));
    get("miss-card").replaceChildren(new Option("Nobody's that is known: it gets a label of its own", ""), others.content.cloneNode(true));
    get("label-list").replaceChildren(positions.content.cloneNode(true));
  }
  fill();

  function openDialog(name, submit, before) {
    var box = get("dialog-" + name);
    if (!box || box.open) { return; }
    var from = document.activeElement;
    box.returnValue = "";
    box.onclose = function () {
      if (from && from.isConnected) { from.focus(); }
      if (box.returnValue === "ok") { submit(); }
    };
    if (before) { before(box); }
    box.showModal();
  }

  function onCard(act) {
    var card = desk.what();
    if (card && card.dataset.card) { act(card); }
  }

  var opens = {
    keys: function () {
      openDialog("keys", function () {}, function () { get("keys-on").checked = desk.keysOn(); });
    },
    label: function () {
      onCard(function (card) {
        openDialog("label", function () {
          var words = get("label-words").value.trim();
          if (words) { desk.step({ do: "name", card: card.dataset.card, label: words, seen: card.dataset.seen }); }
        }, function () { get("label-words").value = ""; });
      });
    },
    merge: function () {
      onCard(function (card) {
        openDialog("merge", function () {
          desk.step({ do: "merge", card: card.dataset.card, into: get("merge-into").value });
        }, function () {
          Array.from(get("merge-into").options).forEach(function (one) { one.hidden = one.disabled = one.value === card.dataset.card; });
          var first = Array.from(get("merge-into").options).find(function (one) { return !one.disabled; });
          if (first) { get("merge-into").value = first.value; }
        });
      });
    },
    miss: function () {
      var chosen = desk.selected();
      var item = desk.what();
      openDialog("miss", function () {
        var content = { do: "add", kind: get("miss-kind").value, into: get("miss-card").value || null };
        var words = get("miss-words").value;
        if (chosen && words === chosen.words) { content.start = chosen.start; content.end = chosen.end; }
        else { content.words = words; }
        desk.step(content);
      }, function () {
        get("miss-words").value = chosen ? chosen.words : (item && item.dataset.words) || "";
        get("miss-card").value = "";
        get("miss-kind").value = "PERSON";
      });
    },
    bounds: function () {
      onCard(function (card) { boundsOf(card); });
    },
    mentions: function () {
      onCard(function (card) {
        desk.send("/mentions", { card: card.dataset.card }).then(function (told) {
          get("mentions").innerHTML = told.html;
          get("split").hidden = !card.dataset.card || !get("mentions").querySelector("fieldset, [name=split]");
          openDialog("mentions", function () {});
        }).catch(desk.fault);
      });
    },
  };
  desk.open = function (name) { if (opens[name]) { opens[name](); } };

  get("miss-card").addEventListener("change", function () {
    var chosen = get("miss-card").selectedOptions[0];
    if (chosen && chosen.dataset.kind) { get("miss-kind").value = chosen.dataset.kind; }
  });
  get("keys-on").addEventListener("change", function (event) {
    localStorage.setItem("candour-keys", event.target.checked ? "on" : "off");
  });

  // Each place: verdicts against that of the card, and what is split off.
  get("mentions").addEventListener("click", function (event) {
    var button = event.target.closest("[data-except]");
    if (!button) { return; }
    var pressed = button.getAttribute("aria-pressed") === "true";
    desk.step({ do: "except", finding: button.dataset.except, verdict: pressed ? "undecided" : button.dataset.verdict }).then(function (done) {
      if (!done) { return; }
      button.parentElement.querySelectorAll("button").forEach(function (one) {
        one.setAttribute("aria-pressed", String(one === button && !pressed));
      });
    });
  });
  get("mentions").addEventListener("change", function (event) {
    var form = event.target.dataset.form;
    if (form === undefined) { return; }
    get("mentions").querySelectorAll("[name=split]").forEach(function (one) {
      if (one.dataset.written === form) { one.checked = event.target.checked; }
    });
  });
  get("split").addEventListener("click", function () {
    var ticked = Array.from(get("mentions").querySelectorAll("[name=split]:checked")).map(function (one) { return one.value; });
    if (!ticked.length) { return; }
    get("dialog-mentions").close("cancel");
    desk.step({ do: "split", card: desk.what().dataset.card, findings: ticked });
  });

  // Bounds: the words of a mention's sentence, of which some are the name.
  var tokens = [], first = 0, last = 0;
  function boundsOf(card) {
    desk.send("/mentions", { card: card.dataset.card }).then(function (told) {
      var holder = document.createElement("template");
      holder.innerHTML = told.html;
      var row = holder.content.querySelector(".mentions li");
      var place = Number(document.querySelector("#contexts [data-goto]").dataset.goto);
      var context = document.querySelector("#contexts li");
      cut(context, place);
      var finding = row.querySelector("[name=split]").value;
      Array.from(holder.content.querySelectorAll("[name=split]")).forEach(function (one) {
        if (Number(one.value.split("-").slice(-2)[0]) === place) { finding = one.value; }
      });
      openDialog("bounds", function () {
        desk.step({ do: "bound", finding: finding, start: tokens[first].start, end: tokens[last].end });
      }, draw);
    }).catch(desk.fault);
  }

  function cut(context, place) {
    var mark = context.querySelector("mark");
    var before = mark.previousSibling && mark.previousSibling.nodeType === 3 ? mark.previousSibling.textContent.replace(/^\s*…?/, "") : "";
    var after = mark.nextSibling ? mark.nextSibling.textContent.replace(/…\s*$/, "") : "";
    var base = place - Array.from(before).length;
    var whole = before + mark.textContent + after;
    var end = place + Array.from(mark.textContent).length;
    tokens = [];
    var word = /[^\s]+/g, found;
    while ((found = word.exec(whole))) {
      add(whole, base, found.index, found[0], place, end);
    }
    first = tokens.findIndex(function (one) { return one.end > place; });
    last = first;
    tokens.forEach(function (one, number) { if (one.start < end) { last = number; } });
  }

  // A word is cut where the name starts or ends inside it, and before what is not part of a word.
  function add(whole, base, index, word, place, end) {
    var from = base + Array.from(whole.slice(0, index)).length;
    var letters = Array.from(word);
    var cuts = new Set([0, letters.length]);
    [place - from, end - from].forEach(function (one) { if (one > 0 && one < letters.length) { cuts.add(one); } });
    var head = word.match(/^[^\p{L}\p{N}]*/u)[0], tail = word.match(/[^\p{L}\p{N}]*$/u)[0];
    if (head.length && head.length < word.length) { cuts.add(Array.from(head).length); }
    if (tail.length && tail.length < word.length) { cuts.add(letters.length - Array.from(tail).length); }
    var ordered = Array.from(cuts).sort(function (a, b) { return a - b; });
    for (var number = 0; number + 1 < ordered.length; number += 1) {
      tokens.push({ start: from + ordered[number], end: from + ordered[number + 1], words: letters.slice(ordered[number], ordered[number + 1]).join(""), gap: number === 0 });
    }
  }

  function draw() {
    var text = get("bounds-text");
    text.replaceChildren();
    var name = "";
    tokens.forEach(function (one, number) {
      if (one.gap && number) { text.append(" "); }
      var inside = number >= first && number <= last;
      var element = document.createElement(inside ? "mark" : "span");
      element.textContent = one.words;
      text.append(element);
      if (inside) { name += (one.gap && name ? " " : "") + one.words; }
    });
    get("bounds-now").textContent = "The name: " + name;
  }

  function move(side, by) {
    if (side === "start") { first = Math.min(Math.max(0, first + by), last); }
    else { last = Math.max(Math.min(tokens.length - 1, last + by), first); }
    draw();
  }
  get("dialog-bounds").addEventListener("keydown", function (event) {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") { return; }
    event.preventDefault();
    move(event.shiftKey ? "start" : "end", event.key === "ArrowRight" ? 1 : -1);
  });
  get("dialog-bounds").addEventListener("click", function (event) {
    var wanted = event.target.dataset.bound;
    if (wanted) { move(wanted.slice(0, -2), Number(wanted.slice(-2))); }
  });
})();
