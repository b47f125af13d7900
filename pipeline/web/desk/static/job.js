// Asks every two seconds what became of the files that were sent, and says so.
(function () {
  "use strict";
  var table = document.getElementById("files");
  if (!table.dataset.state) { return; }
  var said = document.getElementById("said");

  function fill(row, told) {
    var what = row.cells[2];
    var tag = document.createElement("span");
    tag.className = "tag tag-" + told.stage;
    tag.textContent = told.shown;
    what.replaceChildren(tag);
    if (told.why) {
      var why = document.createElement("p");
      why.className = "small";
      why.textContent = told.why;
      what.append(why);
    }
    if (told.review && !row.cells[3].firstElementChild) {
      var link = document.createElement("a");
      link.className = "id";
      link.href = "/reviews/" + encodeURIComponent(told.review);
      link.textContent = told.review;
      row.cells[3].replaceChildren(link);
    }
  }

  function ask() {
    fetch(table.dataset.state, { headers: { "X-CSRF-Token": document.body.dataset.token } })
      .then(function (answer) {
        if (!answer.ok) { throw new Error(); }
        return answer.json();
      })
      .then(function (state) {
        document.dispatchEvent(new Event("candour:seen"));
        state.rows.forEach(function (told, at) { fill(table.tBodies[0].rows[at], told); });
        if (said.textContent !== state.said) { said.textContent = state.said; }
        document.title = state.said + " Files taken in – Candour review desk";
        if (state.over) { document.getElementById("again").remove(); } else { setTimeout(ask, 2000); }
      })
      .catch(function () { said.textContent = "The desk does not answer. Load the page again."; });
  }
  setTimeout(ask, 1000);
})();
