-- The other end of `sempre talk`: starts it, sends it questions, hands its answers on. See docs/protocol.md.

local Talk = {}
Talk.__index = Talk

--- Start or join a session.
---@param command string[] such as { "sempre", "talk", "evening.py" }
---@param options { cwd: string?, on_message: fun(message: table), on_gone: fun(text: string) }
---@return table? talk
---@return string? error
function Talk.start(command, options)
  local self = setmetatable({ asked = {}, count = 0, said = "", rest = "", options = options }, Talk)
  local ok, job = pcall(vim.fn.jobstart, command, {
    cwd = options.cwd,
    on_stdout = function(_, data)
      self:feed(data)
    end,
    on_stderr = function(_, data)
      self.said = (self.said .. table.concat(data, "\n")):sub(-2000)
    end,
    on_exit = function()
      self:gone(vim.trim(self.said))
    end,
  })
  if not ok or job <= 0 then
    return nil, command[1] .. " cannot be started: is it installed, and is its path set?"
  end
  self.job = job
  self:tell({ op = "hello", protocol = 1, client = "Neovim" })
  return self
end

--- Take what comes: parts of lines, cut anywhere.
function Talk:feed(data)
  self.rest = self.rest .. data[1]
  for at = 2, #data do
    local line = self.rest
    self.rest = data[at]
    if line ~= "" then
      local ok, message = pcall(vim.json.decode, line, { luanil = { object = true, array = true } })
      if ok and type(message) == "table" then
        self:hear(message)
      end
    end
  end
end

function Talk:hear(message)
  local answered = message.id and self.asked[message.id]
  if answered then
    self.asked[message.id] = nil
    answered(message)
  elseif message.op == "bye" then
    self.said = message.text
  else
    self.options.on_message(message)
  end
end

--- Say something that has no answer.
function Talk:tell(message)
  if self.job then
    pcall(vim.fn.chansend, self.job, vim.json.encode(message) .. "\n")
  end
end

--- Say something; `answered` is called with the answer.
function Talk:ask(message, answered)
  if not self.job then
    return answered({ op = "result", ok = false, text = "there is no session" })
  end
  self.count = self.count + 1
  self.asked[self.count] = answered
  message.id = self.count
  self:tell(message)
end

--- Leave; the music plays on.
function Talk:leave()
  if self.job then
    pcall(vim.fn.chanclose, self.job, "stdin")
  end
end

function Talk:gone(text)
  if not self.job then
    return
  end
  self.job = nil
  text = text ~= "" and text or "the session has ended"
  for _, answered in pairs(self.asked) do
    answered({ op = "result", ok = false, text = text })
  end
  self.asked = {}
  self.options.on_gone(text)
end

return Talk
