"use strict";
// The search of a release: it reads search-index.js, which lies beside it, and sends nothing.
(() => {
  const release = window.candourRelease;
  const at = (id) => document.getElementById(id);
  const PAGE = 30;
  const AROUND = 500;
  const WORD = /[\p{L}\p{M}\p{N}]+/gu;
  const NOT_STATED = "not stated";
  const says = {
    empty: "Write a word, or choose a theme or a year.",
    open: "A bracket or a quotation mark is not closed. Close it, or leave it out.",
    dangling: "AND, OR or NOT lacks what stands beside it. As ordinary words, write them small.",
    star: "A star stands at the end of a beginning of at least one letter, as in: neglect*",
  };

  class Mistake extends Error {}

  const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const wordsOf = (text) =>
    Array.from(text.matchAll(WORD), (m) => ({ word: fold(m[0]), start: m.index, end: m.index + m[0].length }));

  // -- the index: made once, at the first search ------------------------------------------
  const paragraphs = [];
  let places = null;
  let vocabulary = [];

  function prepare() {
    if (places) return;
    places = new Map();
    for (const report of release.reports) {
      for (const [anchor, page, text] of report.paragraphs) {
        const number = paragraphs.length;
        const words = wordsOf(text);
        paragraphs.push({ report, anchor, page, text, words });
        for (const { word } of words) {
          const known = places.get(word);
          if (!known) places.set(word, [number]);
          else if (known[known.length - 1] !== number) known.push(number);
        }
      }
    }
    vocabulary = [...places.keys()].sort();
  }

  // -- the query: OR binds least, then AND (or a blank), then NOT --------------------------
  function tokens(query) {
    const made = [];
    const rest = /\s*(?:([()])|"([^"]*)"|“([^”]*)”|([^\s()"“”]+))/gy;
    let end = 0;
    for (let m; (m = rest.exec(query)); end = rest.lastIndex) {
      if (m[1]) made.push({ is: m[1] });
      else if (m[4] !== undefined && /^(?:AND|OR|NOT)$/.test(m[4])) made.push({ is: m[4] });
      else if (m[4] !== undefined) made.push(...pieces(m[4]));
      else made.push(...phrase(m[2] ?? m[3]));
    }
    if (query.slice(end).trim()) throw new Mistake(says.open);
    return made;
  }

  function phrase(text) {
    const words = wordsOf(text).map((one) => one.word);
    return words.length ? [{ is: "words", words, prefix: false }] : [];
  }

  function pieces(text) {
    if (!text.includes("*")) return phrase(text);
    const words = wordsOf(text.slice(0, -1)).map((one) => one.word);
    if (!text.endsWith("*") || text.indexOf("*") !== text.length - 1 || !words.length) {
      throw new Mistake(says.star);
    }
    return [{ is: "words", words, prefix: true }];
  }

  function parsed(query) {
    const list = tokens(query);
    let next = 0;
    const starts = (one) => one && (one.is === "words" || one.is === "(" || one.is === "NOT");
    function either() {
      const sides = [every()];
      while (list[next]?.is === "OR") { next += 1; sides.push(every()); }
      return sides.length > 1 ? { is: "OR", sides } : sides[0];
    }
    function every() {
      const sides = [one()];
      for (;;) {
        if (list[next]?.is === "AND") next += 1;
        else if (!starts(list[next])) break;
        sides.push(one());
      }
      return sides.length > 1 ? { is: "AND", sides } : sides[0];
    }
    function one() {
      const token = list[next];
      if (!starts(token)) throw new Mistake(token?.is === ")" ? says.open : says.dangling);
      next += 1;
      if (token.is === "NOT") return { is: "NOT", side: one() };
      if (token.is === "words") return token;
      const inside = either();
      if (list[next]?.is !== ")") throw new Mistake(says.open);
      next += 1;
      return inside;
    }
    if (!list.length) throw new Mistake(says.empty);
    const whole = either();
    if (next < list.length) throw new Mistake(list[next].is === ")" ? says.open : says.dangling);
    return whole;
  }

  // -- which paragraphs answer it ----------------------------------------------------------
  function spelt(word, prefix) {
    if (!prefix) return places.has(word) ? [word] : [];
    let low = 0;
    for (let high = vocabulary.length; low < high;) {
      const middle = (low + high) >> 1;
      if (vocabulary[middle] < word) low = middle + 1;
      else high = middle;
    }
    const found = [];
    while (low < vocabulary.length && vocabulary[low].startsWith(word)) found.push(vocabulary[low++]);
    return found;
  }

  const both = (a, b) => new Set([...a].filter((one) => b.has(one)));

  function answering(query) {
    if (query.is === "OR") return new Set(query.sides.flatMap((side) => [...answering(side)]));
    if (query.is === "AND") return query.sides.map(answering).reduce(both);
    if (query.is === "NOT") {
      const found = answering(query.side);
      return new Set([...paragraphs.keys()].filter((number) => !found.has(number)));
    }
    const last = query.words.length - 1;
    const sets = query.words.map(
      (word, n) => new Set(spelt(word, query.prefix && n === last).flatMap((w) => places.get(w))),
    );
    const found = sets.reduce(both);
    return last ? new Set([...found].filter((number) => stretches(number, query).length)) : found;
  }

  // Where the words of a query stand in a paragraph, as [first, last] numbers of words.
  function stretches(number, query) {
    if (query.is === "NOT") return [];
    if (query.sides) return query.sides.flatMap((side) => stretches(number, side));
    const words = paragraphs[number].words;
    const last = query.words.length - 1;
    const fits = (word, n) =>
      query.prefix && n === last ? word.startsWith(query.words[n]) : word === query.words[n];
    const found = [];
    for (let i = 0; i + last < words.length; i += 1) {
      if (query.words.every((_, n) => fits(words[i + n].word, n))) found.push([i, i + last]);
    }
    return found;
  }

  // -- what is shown -----------------------------------------------------------------------
  const element = (tag, text, kind) => {
    const made = document.createElement(tag);
    if (text) made.textContent = text;
    if (kind) made.className = kind;
    return made;
  };

  // An exact stretch of the paragraph around its first hit, cut between words.
  function stretch(one, marks) {
    const first = marks.length ? marks[0][0] : 0;
    if (one.text.length <= 2 * AROUND) return [0, one.text.length];
    let start = Math.max(0, first - AROUND / 2);
    let end = Math.min(one.text.length, first + AROUND);
    while (start > 0 && /\S/.test(one.text[start - 1])) start -= 1;
    while (end < one.text.length && /\S/.test(one.text[end])) end += 1;
    return [start, end];
  }

  function hit(number, query) {
    const one = paragraphs[number];
    const marks = (query ? stretches(number, query) : [])
      .map(([a, b]) => [one.words[a].start, one.words[b].end])
      .sort((a, b) => a[0] - b[0]);
    const [start, end] = stretch(one, marks);
    const item = element("li");
    const words = element("p", "", "words");
    let done = start;
    for (const [from, to] of marks) {
      if (from < done || to > end) continue;
      words.append(one.text.slice(done, from), element("mark", one.text.slice(from, to)));
      done = to;
    }
    words.append(one.text.slice(done, end));
    const source = element("p", "", "source");
    const link = element("a", `${one.report.id}, page ${one.page}`);
    link.href = `texts/${one.report.id}.html#${one.anchor}`;
    source.append(link);
    item.append(words, source);
    return item;
  }

  const many = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;
  const titles = new Map(release.themes);
  let query = null;
  let found = [];
  let shown = 0;

  function fits(report, but) {
    const theme = but === "theme" ? "" : at("theme").value;
    const year = but === "year" ? "" : at("year").value;
    return (!theme || report.themes.includes(theme)) && (!year || report.year === year);
  }

  // How many reviews each theme and year has among those that answer, the other choice counted in.
  function count(name, values, label, all) {
    const own = new Set(query ? found.map((n) => paragraphs[n].report) : release.reports);
    const list = at(name);
    const chosen = list.value;
    list.replaceChildren(new Option(all, ""));
    for (const value of values) {
      const has = (report) => (name === "theme" ? report.themes.includes(value) : report.year === value);
      const reviews = [...own].filter((report) => fits(report, name) && has(report)).length;
      if (reviews || value === chosen) list.append(new Option(`${label(value)} (${reviews})`, value));
    }
    list.value = chosen;
  }

  function counts() {
    const years = [...new Set(release.reports.map((one) => one.year))].sort();
    const themes = release.themes.map((one) => one[0]);
    count("theme", themes, (code) => titles.get(code), "All themes");
    count("year", years, (year) => (year === NOT_STATED ? "Not stated" : year), "All years");
  }

  function more() {
    const own = found.filter((number) => fits(paragraphs[number].report));
    const next = own.slice(shown, shown + PAGE).map((number) => hit(number, query));
    at("hits").append(...next);
    shown += next.length;
    at("more").hidden = shown >= own.length;
    return next[0];
  }

  function show() {
    const own = query ? found.filter((number) => fits(paragraphs[number].report)) : [];
    const reports = query
      ? new Set(own.map((number) => paragraphs[number].report))
      : new Set(release.reports.filter((report) => fits(report)));
    at("hits").replaceChildren();
    shown = 0;
    counts();
    if (query) {
      more();
      at("status").textContent = own.length
        ? `${many(own.length, "paragraph")} in ${many(reports.size, "review")} of ${release.reports.length}.`
        : "No paragraph answers. Try fewer words, a beginning with a star, or OR between words.";
    } else {
      at("more").hidden = true;
      const chosen = at("theme").value || at("year").value;
      at("status").textContent = chosen
        ? `${many(reports.size, "review")} of ${release.reports.length}, listed below.`
        : "";
    }
    for (const item of at("list").children) {
      item.hidden = !release.reports.some((one) => one.id === item.id && fits(one));
    }
  }

  function ask() {
    at("mistake").textContent = "";
    at("words").removeAttribute("aria-invalid");
    const typed = at("words").value.trim();
    try {
      query = typed ? parsed(typed) : null;
      if (!query && !at("theme").value && !at("year").value) throw new Mistake(says.empty);
      prepare();
      found = query ? [...answering(query)].sort((a, b) => a - b) : [];
      show();
      at("status").focus();
      at("status").scrollIntoView({ block: "start" });
    } catch (error) {
      if (!(error instanceof Mistake)) throw error;
      query = null;
      found = [];
      show();
      at("status").textContent = "";
      at("mistake").textContent = error.message;
      at("words").setAttribute("aria-invalid", "true");
      at("words").focus();
    }
  }

  at("no-scripts").hidden = true;
  at("ask").hidden = false;
  counts();
  at("ask").addEventListener("submit", (event) => { event.preventDefault(); ask(); });
  at("ask").addEventListener("reset", () => {
    query = null;
    found = [];
    at("mistake").textContent = "";
    at("words").removeAttribute("aria-invalid");
    window.setTimeout(() => { show(); at("words").focus(); });
  });
  for (const name of ["theme", "year"]) at(name).addEventListener("change", show);
  at("more").addEventListener("click", () => more()?.querySelector("a").focus());
})();
