// Files may be dropped, are listed before they are sent, and are looked at for their size.
(function () {
  "use strict";
  var form = document.getElementById("upload");
  var drop = document.getElementById("drop");
  var input = document.getElementById("files");
  var list = document.getElementById("chosen");
  var error = document.getElementById("files-error");
  var mostFiles = Number(form.dataset.mostFiles);
  var most = Number(form.dataset.mostAFile);

  function size(bytes) {
    return bytes < 1e6 ? Math.max(1, Math.round(bytes / 1e3)) + " KB" : (bytes / 1e6).toFixed(1) + " MB";
  }

  function problem() {
    var files = Array.from(input.files);
    var all = files.reduce(function (sum, file) { return sum + file.size; }, 0);
    if (!files.length) { return "Choose one or more files."; }
    if (files.length > mostFiles) { return "Send no more than " + mostFiles + " files at once."; }
    if (files.some(function (file) { return file.size > most; })) { return "One of the files is larger than 100 MB."; }
    if (all > 2 * most - 1e6) { return "Together the files are larger than 200 MB. Send some of them later."; }
    return "";
  }

  function show() {
    list.replaceChildren();
    Array.from(input.files).forEach(function (file) {
      var item = document.createElement("li");
      item.textContent = file.name + ", " + size(file.size);
      list.append(item);
    });
    say(input.files.length ? problem() : "");
  }

  function say(text) {
    error.textContent = text;
    error.hidden = !text;
    drop.classList.toggle("wrong", Boolean(text));
  }

  document.getElementById("drop-here").hidden = false;
  input.addEventListener("change", show);
  ["dragenter", "dragover"].forEach(function (name) {
    drop.addEventListener(name, function (event) { event.preventDefault(); drop.classList.add("over"); });
  });
  ["dragleave", "drop"].forEach(function (name) {
    drop.addEventListener(name, function (event) { event.preventDefault(); drop.classList.remove("over"); });
  });
  drop.addEventListener("drop", function (event) {
    if (event.dataTransfer.files.length) { input.files = event.dataTransfer.files; show(); }
  });
  form.addEventListener("submit", function (event) {
    var text = problem();
    if (text) { event.preventDefault(); say(text); input.focus(); return; }
    form.querySelector("button").disabled = true;
    form.querySelector("button").textContent = "Sending…";
  });
})();
