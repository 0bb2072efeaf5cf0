-- What sounds now, lit where it is written.
--
-- Rows come seconds ahead with the places of the text that was evaluated last. Each place gets an invisible mark
-- when it is told of first, and Neovim moves that along with whatever is edited.

local M = {}

local space = vim.api.nvim_create_namespace("sempre lights")
local anchors = vim.api.nvim_create_namespace("sempre anchors")
-- Seconds for which the shortest sound is shown: less is not seen.
local SEEN = 0.08
-- Seconds after its end for which a row is kept.
local KEPT = 1
-- Milliseconds between two drawings at least.
local FRAME = 16

local rows = {}
local marks = {} -- by buffer: the mark of each place
local timer = nil
local shown = {}

--- The time of day in seconds.
function M.now()
  local seconds, micro = vim.loop.gettimeofday()
  return seconds + micro / 1e6
end

local function buffer_of(file)
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    if vim.api.nvim_buf_is_loaded(buffer) and vim.loop.fs_realpath(vim.api.nvim_buf_get_name(buffer)) == file then
      return buffer
    end
  end
end

--- Bytes before a column that counts characters from 1.
local function bytes(text, column)
  local ok, at = pcall(vim.str_byteindex, text, column - 1)
  return ok and at or #text
end

--- The mark of a place in a buffer.
local function anchor(buffer, line, column, length)
  marks[buffer] = marks[buffer] or {}
  local key = line .. ":" .. column .. ":" .. length
  local id = marks[buffer][key]
  if id == nil then
    local text = vim.api.nvim_buf_get_lines(buffer, line - 1, line, false)[1]
    if text == nil then
      return nil
    end
    id = vim.api.nvim_buf_set_extmark(buffer, anchors, line - 1, bytes(text, column), {
      end_row = line - 1,
      end_col = bytes(text, column + length),
      right_gravity = true,
      end_right_gravity = false,
    })
    marks[buffer][key] = id
  end
  return id
end

--- Take a message of the kind "haps".
function M.take(message)
  if message.whole then
    rows = {}
  end
  for _, id in ipairs(message.gone) do
    rows[id] = nil
  end
  for _, row in ipairs(message.rows) do
    rows[row.id] = row
    for _, place in ipairs(row.where) do
      local buffer = buffer_of(place[1])
      if buffer then
        anchor(buffer, place[2], place[3], place[4])
      end
    end
  end
  M.draw()
end

--- A file was saved or evaluated: what comes now is of its text as it stands.
function M.settled(buffer)
  vim.api.nvim_buf_clear_namespace(buffer, anchors, 0, -1)
  marks[buffer] = nil
end

--- Nothing sounds any more.
function M.clear()
  rows = {}
  M.draw()
end

local function light(buffer, place, strength)
  local id = anchor(buffer, place[2], place[3], place[4])
  local mark = id and vim.api.nvim_buf_get_extmark_by_id(buffer, anchors, id, { details = true })
  if not mark or not mark[1] or not mark[3] then
    return
  end
  local level = math.min(4, math.floor(strength * 4) + 1)
  if mark[1] == mark[3].end_row and mark[2] >= mark[3].end_col then
    return -- what was there is no more
  end
  vim.api.nvim_buf_set_extmark(buffer, space, mark[1], mark[2], {
    end_row = mark[3].end_row,
    end_col = mark[3].end_col,
    hl_group = "SempreLit" .. level,
    priority = 200 + level,
  })
end

--- Show what sounds now, and come back when that changes.
function M.draw()
  local now, soon = M.now(), math.huge
  for buffer in pairs(shown) do
    if vim.api.nvim_buf_is_valid(buffer) then
      vim.api.nvim_buf_clear_namespace(buffer, space, 0, -1)
    end
  end
  shown = {}
  for id, row in pairs(rows) do
    local finish = math.max(row["until"], row.at + SEEN)
    if finish + KEPT < now then
      rows[id] = nil
    elseif row.at > now then
      soon = math.min(soon, row.at)
    elseif finish > now then
      soon = math.min(soon, finish)
      for _, place in ipairs(row.where) do
        local buffer = buffer_of(place[1])
        if buffer then
          shown[buffer] = true
          light(buffer, place, row.strength)
        end
      end
    end
  end
  if timer == nil then
    timer = vim.loop.new_timer()
  end
  timer:stop()
  if soon < math.huge then
    timer:start(math.max(FRAME, math.ceil((soon - now) * 1000)), 0, vim.schedule_wrap(M.draw))
  end
end

--- What is lit in a buffer: first and last byte of each place, for tests.
function M.lit(buffer)
  local found = {}
  for _, mark in ipairs(vim.api.nvim_buf_get_extmarks(buffer, space, 0, -1, { details = true })) do
    table.insert(found, { mark[2] + 1, mark[3], mark[4].end_col })
  end
  return found
end

return M
