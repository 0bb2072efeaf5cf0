-- nvim --headless -u NONE --cmd "set rtp+=editors/nvim" -l is newer than what we support, so:
-- nvim --headless -u NONE --cmd "set rtp+=editors/nvim" -c "luafile editors/nvim/test/run.lua"
-- SEMPRE names the program for the test with a real session; without it that test is left out.

local here = debug.getinfo(1, "S").source:sub(2):match("^(.*)/") or "."
local failed = 0

local function check(name, run)
  local ok, wrong = xpcall(run, debug.traceback)
  io.stdout:write((ok and "ok   " or "FAIL ") .. name .. "\n")
  if not ok then
    failed = failed + 1
    io.stdout:write(tostring(wrong) .. "\n")
  end
end

local function equal(found, wanted)
  assert(vim.deep_equal(found, wanted), vim.inspect(found) .. " is not " .. vim.inspect(wanted))
end

local function wait(what, done)
  assert(vim.wait(30000, done, 10), "never: " .. what)
end

local function texts(buffer)
  local found = {}
  for _, place in ipairs(require("sempre.lights").lit(buffer)) do
    local line = vim.api.nvim_buf_get_lines(buffer, place[1] - 1, place[1], false)[1]
    table.insert(found, line:sub(place[2] + 1, place[3]))
  end
  table.sort(found)
  return found
end

local function piece(text)
  local folder = vim.loop.fs_realpath(vim.fn.tempname():match("^(.*)/")) .. "/" .. vim.fn.rand()
  vim.fn.mkdir(folder)
  local file = folder .. "/evening.py"
  vim.fn.writefile(vim.split(text, "\n"), file)
  vim.cmd("edit " .. file)
  vim.bo.filetype = "python"
  return file, vim.api.nvim_get_current_buf()
end

check("blocks", function()
  local blocks = require("sempre.blocks")
  local cases = vim.json.decode(table.concat(vim.fn.readfile(here .. "/../../blocks.json"), "\n"))
  assert(#cases > 5)
  for _, case in ipairs(cases) do
    local first, last = blocks.at(case.text, case.line)
    local wanted = case.block ~= vim.NIL and case.block or nil
    assert(vim.deep_equal(first and { first, last }, wanted), case.name .. ": " .. vim.inspect({ first, last }))
  end
end)

check("lines are put together wherever they were cut", function()
  local Talk = require("sempre.talk")
  local heard = {}
  local talk = setmetatable({ rest = "", asked = {}, options = {
    on_message = function(message) table.insert(heard, message.op) end,
  } }, Talk)
  talk:feed({ '{"op": "a"}', '{"o' })
  talk:feed({ 'p": "b"' })
  talk:feed({ "}", "rubbish", "", '{"op": "c"}', "" })
  equal(heard, { "a", "b", "c" })
end)

check("what sounds is lit, where it has gone with what was edited, and goes out", function()
  local lights = require("sempre.lights")
  local file, buffer = piece('a = play(s("bd sd"))')
  local now = lights.now()
  local function row(id, from, till, column)
    return { id = id, at = now + from, ["until"] = now + till, strength = 1, where = { { file, 1, column, 2 } } }
  end
  lights.take({ whole = true, gone = {}, rows = { row("1", -0.1, 0.4, 13), row("2", 0.4, 0.8, 16) } })
  equal(texts(buffer), { "bd" })
  vim.api.nvim_buf_set_lines(buffer, 0, 0, false, { "b = 2", "" })
  vim.api.nvim_buf_set_text(buffer, 2, 0, 2, 1, { "xyz" })
  equal(texts(buffer), { "bd" })
  wait("sd", function() return vim.deep_equal(texts(buffer), { "sd" }) end)
  lights.take({ whole = false, gone = { "2" }, rows = {} })
  equal(texts(buffer), {})
  lights.take({ whole = false, gone = {}, rows = { row("3", -0.1, 9, 13) } })
  equal(texts(buffer), { "bd" })
  lights.clear()
  equal(texts(buffer), {})
  vim.cmd("bdelete!")
end)

check("a piece is played, lit, changed, wrong, right again, and left", function()
  local program = vim.env.SEMPRE
  if not program then
    return
  end
  local sempre = require("sempre")
  sempre.setup({ command = program })
  local _, buffer = piece('drums = play(s("bd*4, ~ cp"), on=osc(9))')
  assert(sempre.start())
  local function lit(text)
    return function() return vim.tbl_contains(texts(buffer), text) end
  end
  wait("bd", lit("bd"))
  vim.api.nvim_buf_set_lines(buffer, 1, 1, false, { "", 'name = "🎹"; bass = play(note("c2 h2"), on=osc(9))' })
  vim.api.nvim_win_set_cursor(0, { 3, 4 })
  vim.cmd("SempreBlock")
  wait("marked", function() return #vim.diagnostic.get(buffer) == 1 end)
  local problem = vim.diagnostic.get(buffer)[1]
  local line = vim.api.nvim_buf_get_lines(buffer, 2, 3, false)[1]
  equal(line:sub(problem.col + 1, problem.end_col), "h2")
  vim.api.nvim_buf_set_text(buffer, 2, problem.col, 2, problem.end_col, { "g2" })
  vim.cmd("SempreBlock")
  wait("unmarked", function() return #vim.diagnostic.get(buffer) == 0 end)
  wait("g2", lit("g2"))
  wait("two layers", function() return sempre.status:match("2 layers") ~= nil end)
  vim.api.nvim_buf_set_text(buffer, 0, 0, 0, 0, { "# " })
  sempre.evaluate_file()
  wait("one layer", function() return sempre.status:match("1 layers") ~= nil end)
  assert(vim.bo[buffer].modified)
  vim.api.nvim_buf_set_text(buffer, 0, 0, 0, 2, { "" })
  sempre.evaluate_file()
  wait("two layers", function() return sempre.status:match("2 layers") ~= nil end)
  -- Of a selection whole lines are taken, and not the one at whose begin it ends.
  vim.api.nvim_buf_set_lines(buffer, 3, -1, false, { 'lead = play(note("a4"), on=osc(9))', "wrong((" })
  local function press(keys)
    vim.api.nvim_feedkeys(vim.api.nvim_replace_termcodes(keys, true, false, true), "xt", false)
  end
  press("4GV\\e")
  wait("a4", lit("a4"))
  vim.api.nvim_buf_set_text(buffer, 3, 18, 3, 20, { "b5" })
  vim.o.selection = "exclusive"
  press("4G0vj\\e")
  wait("b5", lit("b5"))
  equal(vim.diagnostic.get(buffer), {})
  press("4G0vjl\\e")
  wait("marked", function() return #vim.diagnostic.get(buffer) == 1 end)
  vim.o.selection = "inclusive"
  vim.cmd("SempreHush")
  wait("dark", function() return #texts(buffer) == 0 end)
  vim.cmd("SempreStop")
  wait("the end", function() return sempre.talk == nil end)
  vim.cmd("bdelete!")
end)

check("a program that is not there is told", function()
  local sempre = require("sempre")
  sempre.setup({ command = "/no/such/program" })
  local told
  local notify = vim.notify
  vim.notify = function(text) told = text end
  piece("")
  equal(sempre.start(), nil)
  vim.notify = notify
  assert(told:match("cannot be started"), told)
end)

io.stdout:write(failed == 0 and "all well\n" or failed .. " failed\n")
vim.cmd(failed == 0 and "qall!" or "cquit 1")
