-- What is evaluated when the cursor stands in a line: the lines around it up to blank ones, and all of every
-- statement that reaches into them.

local M = {}

local function blank(line)
  return line:match("^%s*$") ~= nil
end

-- A line that goes on with the statement before it: indented, closing a bracket, or the second part of a
-- compound statement.
local function goes_on(line)
  if blank(line) then
    return false
  end
  if line:match("^[%s%)%]}]") then
    return true
  end
  local word = line:match("^(%a+)%f[%W]")
  return word == "elif" or word == "else" or word == "except" or word == "finally"
end

--- The block that a line belongs to.
---@param lines string[] all lines of the text
---@param line integer a line's number, from 1
---@return integer? first
---@return integer? last nothing for a blank line between blocks
function M.at(lines, line)
  local function next_line(at, step)
    at = at + step
    while lines[at] and blank(lines[at]) do
      at = at + step
    end
    return lines[at] and at
  end

  if not lines[line] then
    return nil
  end
  local first = line
  if blank(lines[line]) then
    local after = next_line(line, 1)
    first = next_line(line, -1)
    if not (after and first and goes_on(lines[after])) then
      return nil
    end
  end
  local last = first
  while true do
    local before = next_line(first, -1)
    if not before or not (goes_on(lines[first]) or before == first - 1) then
      break
    end
    first = before
  end
  while true do
    local after = next_line(last, 1)
    if not after or not (goes_on(lines[after]) or after == last + 1) then
      break
    end
    last = after
  end
  return first, last
end

return M
