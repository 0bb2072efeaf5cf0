-- Sempre in Neovim: evaluate what you write, see what sounds where it is written.

local blocks = require("sempre.blocks")
local lights = require("sempre.lights")
local Talk = require("sempre.talk")

local M = { talk = nil, status = "not playing" }
local settings = { command = "sempre", lights = true, maps = true }
local problems = vim.api.nvim_create_namespace("sempre problems")

local function say(text, level)
  if text and text ~= "" then
    vim.notify(text, level or vim.log.levels.INFO)
  end
end

--- Show a text, and mark the place that it tells of.
local function tell(text, failed, at)
  say(text, failed and vim.log.levels.ERROR or vim.log.levels.INFO)
  if not (failed and at) then
    return
  end
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    if vim.loop.fs_realpath(vim.api.nvim_buf_get_name(buffer)) == at.file then
      local line = vim.api.nvim_buf_get_lines(buffer, at.line - 1, at.line, false)[1] or ""
      local function column(characters)
        local ok, found = pcall(vim.str_byteindex, line, characters)
        return ok and found or #line
      end
      local whole = at.column == 0
      vim.diagnostic.set(problems, buffer, {
        {
          lnum = math.max(0, math.min(at.line, vim.api.nvim_buf_line_count(buffer)) - 1),
          col = whole and 0 or column(at.column - 1),
          end_col = whole and #line or column(at.column - 1 + at.length),
          severity = vim.diagnostic.severity.ERROR,
          message = at.text,
          source = "Sempre",
        },
      })
    end
  end
end

local function hear(message)
  if message.op == "haps" then
    if settings.lights then
      lights.take(message)
    end
  elseif message.op == "status" then
    local sounding = 0
    for _, layer in ipairs(message.layers) do
      sounding = sounding + (layer.sounding and 1 or 0)
    end
    M.status = string.format("%.1f  %.0f bpm  %d layers", message.cycle, message.bpm, sounding)
  elseif message.op == "message" then
    tell(message.text, message.level == "error", message.at)
  elseif message.op == "error" then
    tell(message.text, true)
  elseif message.op == "typed" then
    say(message.who .. ": " .. message.text)
  elseif message.op == "engine" and not message.here then
    M.status = "no engine; what was sent plays on"
  end
end

--- Play the file of the current buffer, or join what plays.
function M.start()
  if M.talk then
    return M.talk
  end
  local file = vim.api.nvim_buf_get_name(0)
  if file == "" or vim.bo.filetype ~= "python" then
    say("Sempre: open a piece first", vim.log.levels.WARN)
    return nil
  end
  if vim.bo.modified then
    vim.cmd("silent write")
  end
  local command = type(settings.command) == "table" and vim.deepcopy(settings.command) or { settings.command }
  vim.list_extend(command, { "talk", file })
  local talk, wrong = Talk.start(command, {
    cwd = vim.fn.fnamemodify(file, ":h"),
    on_message = hear,
    on_gone = function(text)
      M.talk, M.status = nil, "not playing"
      lights.clear()
      say(text)
    end,
  })
  if not talk then
    say(wrong, vim.log.levels.ERROR)
    return nil
  end
  M.talk, M.status = talk, "starting"
  talk:tell({ op = "watch", topics = { "haps", "status", "messages", "typed" } })
  return talk
end

--- Evaluate some lines of the current buffer.
---@param first integer from 1
---@param last integer
---@param whole boolean? they are all of it: what is not among them any more ends
function M.evaluate(first, last, whole)
  local talk = M.start()
  if not talk then
    return
  end
  local buffer = vim.api.nvim_get_current_buf()
  local text = table.concat(vim.api.nvim_buf_get_lines(buffer, first - 1, last, false), "\n")
  local file = vim.loop.fs_realpath(vim.api.nvim_buf_get_name(buffer)) or vim.api.nvim_buf_get_name(buffer)
  vim.diagnostic.reset(problems, buffer)
  talk:ask({ op = "evaluate", text = text, file = file, line = first, whole = whole }, function(answer)
    if answer.ok then
      lights.settled(buffer)
    end
    tell(answer.text, not answer.ok, answer.at)
  end)
end

--- Evaluate the block around the cursor.
function M.evaluate_block()
  local lines = vim.api.nvim_buf_get_lines(0, 0, -1, false)
  local first, last = blocks.at(lines, vim.api.nvim_win_get_cursor(0)[1])
  if first then
    M.evaluate(first, last)
  end
end

--- Evaluate all of the buffer as it stands, saved or not: as saving it would be heard.
function M.evaluate_file()
  M.evaluate(1, vim.api.nvim_buf_line_count(0), true)
end

--- Do a command, such as hush or mute.
function M.command(name, ...)
  if M.talk then
    M.talk:ask({ op = "command", name = name, arguments = { ... } }, function(answer)
      tell(answer.text, not answer.ok)
    end)
  end
end

local function op(name)
  return function()
    if M.talk then
      M.talk:tell({ op = name })
    end
  end
end

M.panic, M.interrupt, M.stop = op("panic"), op("interrupt"), op("stop")

--- Leave; the music plays on.
function M.leave()
  if M.talk then
    M.talk:leave()
  end
end

--- Set up: commands, highlights, and keys in Python buffers unless `maps` is false.
---@param given { command: string|string[]?, lights: boolean?, maps: boolean? }?
function M.setup(given)
  settings = vim.tbl_extend("force", settings, given or {})
  for level, colour in ipairs({ "#4a3c1c", "#65501f", "#806422", "#9b7926" }) do
    vim.api.nvim_set_hl(0, "SempreLit" .. level, { bg = colour, ctermbg = 94, default = true })
  end
  local commands = {
    SempreStart = M.start, SempreBlock = M.evaluate_block, SempreFile = M.evaluate_file, SempreLeave = M.leave,
    SemprePanic = M.panic, SempreInterrupt = M.interrupt, SempreStop = M.stop,
  }
  for name, run in pairs(commands) do
    vim.api.nvim_create_user_command(name, function() run() end, {})
  end
  vim.api.nvim_create_user_command("SempreHush", function() M.command("hush") end, {})
  vim.api.nvim_create_user_command("SempreMute", function(all) M.command("mute", unpack(all.fargs)) end, { nargs = "+" })
  vim.api.nvim_create_user_command("SempreUnmute", function(all) M.command("unmute", unpack(all.fargs)) end, { nargs = "*" })
  vim.api.nvim_create_user_command("SempreSolo", function(all) M.command("solo", unpack(all.fargs)) end, { nargs = "*" })
  vim.api.nvim_create_user_command("SempreLines", function(all)
    local last = all.line2
    -- With 'selection' exclusive, one that ends at the begin of a line has nothing of that line.
    if vim.o.selection == "exclusive" and vim.fn.visualmode() == "v" and last == vim.fn.line("'>")
      and vim.fn.col("'>") == 1 then
      last = math.max(all.line1, last - 1)
    end
    M.evaluate(all.line1, last)
  end, { range = true })
  local group = vim.api.nvim_create_augroup("Sempre", { clear = true })
  vim.api.nvim_create_autocmd("BufWritePost", {
    group = group,
    pattern = "*.py",
    callback = function(event)
      lights.settled(event.buf)
      vim.diagnostic.reset(problems, event.buf)
    end,
  })
  vim.api.nvim_create_autocmd("VimLeavePre", { group = group, callback = M.leave })
  if settings.maps then
    vim.api.nvim_create_autocmd("FileType", {
      group = group,
      pattern = "python",
      callback = function(event)
        local function map(mode, keys, run)
          vim.keymap.set(mode, keys, run, { buffer = event.buf, desc = "Sempre" })
        end
        map({ "n", "i" }, "<C-CR>", M.evaluate_block)
        map("n", "<localleader>e", M.evaluate_block)
        map("x", "<localleader>e", ":SempreLines<CR>")
        map("n", "<localleader>f", M.evaluate_file)
        map("n", "<localleader>h", function() M.command("hush") end)
        map("n", "<localleader>p", M.panic)
      end,
    })
  end
end

return M
