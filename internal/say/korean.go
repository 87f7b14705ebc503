package say

var korean = map[string]string{}
