#!/bin/sh
# natplan route agent: keeps the static routes of one Kubernetes node equal to a list mounted from a ConfigMap.
#
#   route-agent.sh [run]   look, repair, sleep, again, until SIGTERM; SIGHUP: look at once. Stopping keeps the routes.
#   route-agent.sh once    one look and repair. Status 0: every wanted route is in the kernel and effective; 1: not
#   route-agent.sh ready   readiness probe: the last look found everything right; prints the problems otherwise
#   route-agent.sh live    liveness probe: the loop turns, whatever it finds
#
# Runs under BusyBox ash, dash and bash, with BusyBox ip (1.31 and later) or iproute2. Needs NET_ADMIN and one writable
# folder. Status 2: a setting is wrong.
#
# A route is ours when it is in table main, has our metric, exactly one next hop and, where ip shows it, our protocol.
# BusyBox ip never shows the protocol and ignores it in `show` and `flush` (a flush by protocol empties the table), so
# the metric is the mark. The kernel checks the protocol too: we remove by prefix, next hop, metric and protocol, all
# exact; what it does not find then is a stranger's, and is remembered as such. `replace` would take over a stranger's route of the same prefix and metric: we append ours, then remove ours.

set -uf
export LC_ALL=C

# run, or cleanup: remove our routes, then idle and be ready
: "${NATPLAN_MODE:=run}"
# a JSON array of prefixes
: "${NATPLAN_ROUTES_FILE:=/etc/natplan/routes/routes}"
# the route of exactly this prefix names the gateway, unless the gateway is given
: "${NATPLAN_PRIVATE_NETWORK:=10.0.0.0/8}"
: "${NATPLAN_GATEWAY:=}"
# prefixes that every route must lie in, separated by spaces: private space unless more is given
: "${NATPLAN_ALLOWED:=10.0.0.0/8 100.64.0.0/10 172.16.0.0/12 192.168.0.0/16 198.18.0.0/15}"
# prefixes that no route may overlap, separated by spaces
: "${NATPLAN_PROTECTED:=}"
# addresses, separated by spaces, that routes may lead out of a network of this node: no neighbour has them
: "${NATPLAN_NEIGHBOURS:=}"
# the mark: a metric that no other program on the node uses, and a protocol number for people and for exact removal
: "${NATPLAN_METRIC:=17600}"
: "${NATPLAN_PROTOCOL:=176}"
# seconds between two looks
: "${NATPLAN_INTERVAL:=20}"
# a longer list is refused, and so is one of more than 64 bytes per route allowed
: "${NATPLAN_MAX_ROUTES:=4096}"
# writable, in memory
: "${NATPLAN_STATE_DIR:=/run/natplan}"
export NATPLAN_MODE NATPLAN_ROUTES_FILE NATPLAN_PRIVATE_NETWORK NATPLAN_GATEWAY NATPLAN_ALLOWED NATPLAN_PROTECTED \
  NATPLAN_NEIGHBOURS NATPLAN_METRIC NATPLAN_PROTOCOL NATPLAN_INTERVAL NATPLAN_MAX_ROUTES NATPLAN_STATE_DIR

newline='
'
failures_per_look=100
# So many looks that find the routes changed by others are a fight, and so many without any are its end. Another agent may look
# more rarely than this one: a few quiet looks between two disturbed ones are no peace.
disturbed_looks=3
quiet_looks=5
# A plan names so many probes. As long as all that it was made of is the same, the looks that ask them need no other plan.
probes=20

# Reads what is and what shall be, prints what to do. Input: the node's addresses, `@ STATUS`, the routes of table main,
# `@ STATUS`, the list with one array element per line, `@ STATUS`. Output, adds before removals:
#   add PREFIX GATEWAY DEVICE [onlink] | remove PREFIX GATEWAY DEVICE | problem TEXT | fatal TEXT
#   gateway GATEWAY DEVICE | wanted COUNT DIGEST | note TEXT
#   probe ADDRESS PREFIX, as many as PROBES, the next ones in turn
# Sets are arrays with canonical prefixes as keys. An address is two halves of 16 bits: not every awk prints larger
# numbers whole. What is kept for each route is kept small, for thousands of them have to fit into two megabytes.
# shellcheck disable=SC2016 # awk's dollars
planner='
# Returns the network of so many bits that an address is in.
function network(high, low, bits) {
  if (bits >= 16) low -= low % power[32 - bits]
  else { high -= high % power[16 - bits]; low = 0 }
  return int(high / 256) "." high % 256 "." int(low / 256) "." low % 256 "/" bits
}
# Reads a canonical prefix into high, low and bits; returns what is wrong with it, or nothing.
function read_prefix(text,   part, i) {
  if (text !~ /^[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+\/[0-9]+$/) return "not-a-prefix"
  split(text, part, /[.\/]/)
  for (i = 1; i <= 5; i++) {
    if (length(part[i]) > 3 || part[i] + 0 > (i < 5 ? 255 : 32)) return "not-a-prefix"
    if (part[i] ~ /^0./) return "leading-zero"
  }
  high = part[1] * 256 + part[2]; low = part[3] * 256 + part[4]; bits = part[5] + 0
  return network(high, low, bits) == text ? "" : "host-bits"
}
# Returns the prefix of a set that the prefix read last is in, or nothing.
function inside(set, lengths,   n, outer) {
  for (n in lengths) if (n + 0 <= bits) {
    outer = network(high, low, n + 0)
    if (outer in set) return outer
  }
  return ""
}
# Makes a prefix one that no route may overlap on any node.
function protect(text, why) {
  if (!(text in protected_space)) protected_prefix[++protecteds] = text
  protected_space[text] = why " with=" text; protected_bits[bits] = 1
}
# Makes a prefix one that no route may overlap on this node.
function occupy(text) {
  if (!(text in node_space)) node_prefix[++nodes] = text
  node_space[text] = 1; node_bits[bits] = 1
}
# Holds every wanted prefix that is or contains this one.
function hold_around(text,   n, outer) {
  if (read_prefix(text) != "") return
  for (n in wanted_bits) if (n + 0 <= bits) {
    outer = network(high, low, n + 0)
    if (outer in wanted && wanted[outer] == "") wanted[outer] = text
  }
}
# Refuses every wanted prefix that is or contains this one.
function refuse_around(text, why,   n, outer) {
  read_prefix(text)
  for (n in wanted_bits) if (n + 0 <= bits) {
    outer = network(high, low, n + 0)
    if (outer in wanted && !(outer in refusal)) refusal[outer] = why
  }
}
# Takes what no node may have a route for out of the list, as if it were not there, and reports it. A list of which nothing is left
# was not meant to be empty: then only such routes go.
function drop_refused(   i, kept) {
  for (i = 1; i <= protecteds; i++) refuse_around(protected_prefix[i], protected_space[protected_prefix[i]])
  refuse_around(PRIVATE, "contains-private-network")
  for (i = kept = 1; i <= wants; i++) {
    if (!(want[i] in refusal)) { want[kept++] = want[i]; continue }
    problem("route-refused", "route=" want[i] " reason=" refusal[want[i]])
    delete wanted[want[i]]
  }
  nothing_left = wants > 0 && kept == 1
  wants = kept - 1
}

# Adds a route of another program, its prefix read last.
function add_foreign(prefix, hop, text) {
  foreign[++foreigns] = prefix; foreign_hop[foreigns] = hop
  foreign_metric[foreigns] = metric; foreign_text[foreigns] = text
  foreign_bits[bits] = 1
  if (!(prefix in best) || metric < foreign_metric[best[prefix]]) best[prefix] = foreigns
}

function setting(text, name,   fault) {
  fault = read_prefix(text)
  if (fault == "") return 1
  print "fatal setting=" name " reason=" fault " value=\"" clean(text) "\""
  broken = 1
  return 0
}
function first_octet(text) {
  return substr(text, 1, index(text, ".") - 1)
}
function clean(text) {
  gsub(/"/, "\047", text)
  gsub(/[^ -~]|\\/, "?", text)
  return substr(text, 1, 40)
}
function squeeze(text) {
  gsub(/["\\]/, "?", text); gsub(/[ \t]+/, " ", text); sub(/ $/, "", text)
  return text
}
# Ten of a kind are shown, the rest is counted: a flapping peer must not flood the log.
function problem(name, text) { if (++problems[name] <= 10) print "problem problem=" name " " text }
function refuse(reason) { if (++refused <= 10) problem("list-refused", "reason=" reason) }
function refuse_entry(reason, text) { refuse(reason " entry=" elements " value=\"" clean(text) "\"") }

BEGIN {
  for (i = 0; i <= 32; i++) power[i] = i ? power[i - 1] * 2 : 1
  section = "addresses"
  METRIC = ENVIRON["NATPLAN_METRIC"] + 0; PROTOCOL = ENVIRON["NATPLAN_PROTOCOL"]
  PRIVATE = ENVIRON["NATPLAN_PRIVATE_NETWORK"]; GATEWAY = ENVIRON["NATPLAN_GATEWAY"]
  MAX_ROUTES = ENVIRON["NATPLAN_MAX_ROUTES"] + 0
  count = split("0.0.0.0/8 127.0.0.0/8 169.254.0.0/16 224.0.0.0/4 240.0.0.0/4", part, " ")
  for (i = 1; i <= count; i++) { read_prefix(part[i]); protect(part[i], "special") }
  count = split(ENVIRON["NATPLAN_PROTECTED"], part, " ")
  for (i = 1; i <= count; i++) if (setting(part[i], "NATPLAN_PROTECTED")) protect(part[i], "protected")
  count = split(ENVIRON["NATPLAN_ALLOWED"], part, " ")
  if (count == 0) setting("", "NATPLAN_ALLOWED")
  for (i = 1; i <= count; i++) if (setting(part[i], "NATPLAN_ALLOWED")) {
    allowed_space[part[i]] = 1; allowed_bits[bits] = 1
  }
  count = split(ENVIRON["NATPLAN_NEIGHBOURS"], part, " ")
  for (i = 1; i <= count; i++) if (setting(part[i] "/32", "NATPLAN_NEIGHBOURS")) neighbour[part[i] "/32"] = 1
  if (GATEWAY != "") setting(GATEWAY "/32", "NATPLAN_GATEWAY")
  setting(PRIVATE, "NATPLAN_PRIVATE_NETWORK")
  if (PRIVATE == "0.0.0.0/0") { print "fatal setting=NATPLAN_PRIVATE_NETWORK reason=default-route"; broken = 1 }
  if (broken) exit
  while ((getline line < STRANGERS) > 0) stranger[line] = 1
  close(STRANGERS)
  # Kubernetes gives every container the address of the API server; where that is a name, nobody can tell.
  API = ENVIRON["KUBERNETES_SERVICE_HOST"] "/32"
  if (read_prefix(API) == "") occupy(API)
}

section != "list" && $1 == "@" {
  if ($2 != 0) unlisted = 1
  section = section == "addresses" ? "routes" : "list"
  next
}

section == "addresses" {
  # An interface without carrier is up but not LOWER_UP; BusyBox shows that nowhere else.
  if ($1 ~ /^[0-9]+:$/) {
    name = $2
    sub(/(@.*)?:$/, "", name)
    if ($3 ~ /[<,]UP[,>]/ && $3 !~ /LOWER_UP/) down[name] = 1
  }
  if ($1 != "inet") next
  split($2, part, "/")
  address[part[1]] = 1
  read_prefix(part[1] "/32")
  occupy(part[1] "/32")
  next
}

section == "routes" {
  if ($0 ~ /^[ \t]/) { # one of several next hops of the route above
    for (i = 1; i < NF; i++) if ($i == "via" && prefix == "0.0.0.0/0") default_gateway[$(i + 1)] = 1
    next
  }
  i = 1; type = ""; via = ""; device = ""; protocol = ""; metric = 0; tos = 0; link = 0; flag = ""
  if ($1 !~ /\./ && $1 != "default") { type = $1; i = 2 } # blackhole, or its number
  prefix = $i == "default" ? "0.0.0.0/0" : index($i, "/") ? $i : $i "/32"
  while (i++ < NF) {
    if ($i == "via") via = $(++i)
    else if ($i == "dev") device = $(++i)
    else if ($i == "metric") metric = $(++i) + 0
    else if ($i == "proto") protocol = $(++i)
    else if ($i == "scope") link = $(++i) ~ /^(link|253)$/
    else if ($i == "tos") tos = 1
    else if ($i == "onlink") flag = "onlink"
    else if ($i == "linkdown" && device != "") down[device] = 1
  }
  if (tos) next # for marked packets only
  single = type == "" && device != "" && via ~ /^[0-9.]+$/
  if (single && metric == METRIC && (protocol == "" || protocol == PROTOCOL)) {
    own[++owns] = prefix " " via " " device
    next
  }
  if (read_prefix(prefix) != "") next
  add_foreign(prefix, single ? via " " device : "", $0)
  if (bits == 0) { if (via != "") default_gateway[via] = 1 }
  else if (type == "" && via == "" && link) {
    occupy(prefix)
    link_devices[prefix] = link_devices[prefix] " " device " "
  }
  if (prefix == PRIVATE && (!anchors || metric <= anchor_metric)) {
    anchors = metric == anchor_metric ? anchors + 1 : 1
    anchor_metric = metric; anchor_single = single; anchor_via = via; anchor_device = device; anchor_flag = flag
  }
  next
}

{
  size += length($0) + 1
  elements++
  if (size > MAX_ROUTES * 64 || elements > MAX_ROUTES) { refuse("too-long"); exit }
  if (ended) { refuse("text-after-array"); exit }
  entry = $0
  if (entry ~ /@ [0-9]+$/) {
    ended = 1
    if (entry !~ /@ 0$/) { refuse("unreadable"); exit }
    if (entry ~ /^[ \t\r]*@ 0$/ && elements == 1) { refuse("empty-file"); exit }
    if (!sub(/\][ \t\r]*@ 0$/, "", entry)) { refuse("not-an-array"); exit }
  }
  if (elements == 1 && !sub(/^[ \t\r]*\[/, "", entry)) { refuse("not-an-array"); exit }
  if (entry ~ /^[ \t\r]*$/) {
    if (!ended || elements > 1) refuse("stray-comma entry=" elements)
    next
  }
  if (entry !~ /^[ \t\r]*"[^"\\]*"[ \t\r]*$/) { refuse_entry("not-a-string", entry); next }
  gsub(/^[ \t\r]*"|"[ \t\r]*$/, "", entry)
  fault = read_prefix(entry)
  if (fault == "" && entry in wanted) fault = "duplicate"
  if (fault != "") { refuse_entry(fault, entry); next }
  if ((outer = inside(protected_space, protected_bits)) != "") refusal[entry] = protected_space[outer]
  else if (inside(allowed_space, allowed_bits) == "") refusal[entry] = "not-allowed"
  # What it meets on this node, or nothing; later also "installed". What is named as no neighbour meets only what has its very address.
  wanted[entry] = entry in neighbour ? (entry in node_space ? entry : "") : inside(node_space, node_bits)
  want[++wants] = entry; wanted_bits[bits] = 1
  digest = (digest * 769 + high * 31 + low + bits) % 1000003
}

# Returns the device that reaches an address without a gateway (this one, if it names one), or nothing.
function link_device(text, only,   n, name, device) {
  read_prefix(text "/32")
  for (n = 32; n >= 1; n--) {
    name = network(high, low, n)
    if (!(name in link_devices)) continue
    if (only != "" && !index(link_devices[name], " " only " ")) continue
    split(link_devices[name], device, " ")
    return only != "" ? only : device[1]
  }
  return ""
}
function find_gateway() {
  if (GATEWAY != "") gateway = GATEWAY
  else if (!anchors) return no_gateway("no-private-route", "route=" PRIVATE)
  else if (anchors > 1 || !anchor_single) return no_gateway("private-route-not-single", "route=" PRIVATE)
  else { gateway = anchor_via; device = anchor_device; flag = anchor_flag }
  if (flag == "") {
    device = link_device(gateway, device)
    if (device == "") return no_gateway("gateway-not-on-link", "gateway=" gateway)
  }
  if (gateway in address) return no_gateway("gateway-is-this-node", "gateway=" gateway)
  if (gateway in default_gateway && !is_private(gateway))
    return no_gateway("gateway-is-public-default", "gateway=" gateway)
  return 1
}
function no_gateway(name, text) {
  problem(name, text)
  return 0
}
function is_private(text) {
  return text ~ /^10\.|^172\.(1[6-9]|2[0-9]|3[01])\.|^192\.168\.|^169\.254\./ ||
    text ~ /^100\.(6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7])\./
}

END {
  if (broken) exit
  if (section != "list" || unlisted) { print "problem problem=cannot-list"; exit }
  if (!ended && !refused) refuse("cut-off")
  if (refused) exit # what is no list of prefixes changes nothing
  drop_refused()

  gateway = ""; device = ""; flag = ""
  if (wants && !find_gateway()) exit

  # A stranger is forgotten when it is gone, and when it is just what is wanted: then it may be replaced by ours unseen.
  printf "" > STRANGERS
  metric = METRIC
  for (i = kept = 1; i <= owns; i++) {
    split(own[i], part, " ")
    if (own[i] in stranger && !(part[1] in wanted && own[i] == part[1] " " gateway " " device)) {
      print own[i] > STRANGERS
      read_prefix(part[1])
      add_foreign(part[1], part[2] " " part[3], part[1] " via " part[2] " dev " part[3] " metric " METRIC)
    } else own[kept++] = own[i]
  }
  owns = kept - 1

  # What meets this node is held: neither added nor changed nor removed here, and reported.
  for (i = nodes; i >= 1; i--) hold_around(node_prefix[i])
  if (wants) hold_around(gateway "/32")
  for (name in default_gateway) hold_around(name "/32")
  for (i = 1; i <= owns; i++) {
    split(own[i], part, " ")
    if (part[1] in wanted && wanted[part[1]] == "" && own[i] == part[1] " " gateway " " device)
      wanted[part[1]] = "installed"
  }
  for (i = 1; i <= wants; i++) {
    if (wanted[want[i]] == "") print "add", want[i], gateway, device, flag
    else if (wanted[want[i]] != "installed") {
      problem("overlaps-node", "route=" want[i] " with=" wanted[want[i]])
      digest = (digest * 769 + i) % 1000003
    }
  }
  for (i = 1; i <= owns; i++) {
    split(own[i], part, " ")
    if (part[1] in wanted && (wanted[part[1]] ~ /\// || own[i] == part[1] " " gateway " " device)) continue
    if (nothing_left && !(part[1] in refusal)) continue
    print "remove", own[i]
  }

  if (wants && device in down) problem("link-down", "gateway=" gateway " dev=" device)

  # A route is effective when nothing more preferred or more specific takes its packets elsewhere.
  for (i = 1; i <= foreigns; i++) if (foreign_hop[i] != gateway " " device) {
    name = "shadowed"; outer = foreign[i]
    if (outer in wanted) {
      if (best[outer] != i || foreign_metric[i] > METRIC) continue
    } else {
      name = "partly-shadowed"
      read_prefix(outer)
      for (n = bits - 1; n >= 1; n--) if (n in wanted_bits && (outer = network(high, low, n)) in wanted) break
      if (n < 1) continue
    }
    if (wanted[outer] !~ /\//) problem(name, "route=" outer " by=\"" squeeze(foreign_text[i]) "\"")
  }

  # What would take the packets of a wanted route, were it not there: named once, for the list asks for it. Few nodes have such
  # routes near the wanted ones, and the others are not to pay for the search.
  for (i = 1; i <= foreigns; i++) if (foreign_hop[i] != gateway " " device && !(foreign[i] in node_space)) {
    read_prefix(foreign[i])
    if (bits == 0) continue
    if (bits < 8) anywhere = 1
    else nearby[first_octet(foreign[i])] = 1
  }
  for (i = 1; i <= wants; i++) if ((anywhere || first_octet(want[i]) in nearby) && wanted[want[i]] !~ /\//) {
    read_prefix(want[i])
    for (n = bits; n >= 1; n--) if (n in foreign_bits && (outer = network(high, low, n)) in best) {
      outer = best[outer]
      if (foreign_hop[outer] != gateway " " device && (n < bits || foreign_metric[outer] > METRIC)) {
        if (!overtaken[outer]++) {
          first[outer] = want[i]
          if (++overtakings <= 10) shown[overtakings] = outer
        }
      }
      break
    }
  }
  for (i = 1; i <= overtakings && i <= 10; i++) {
    outer = shown[i]
    print "note event=takes-over route=" first[outer] " routes=" overtaken[outer] \
      " from=\"" squeeze(foreign_text[outer]) "\""
  }
  if (overtakings > 10) print "note event=takes-over more=" overtakings - 10

  for (name in problems)
    if (problems[name] > 10) print "problem problem=" name " more=" problems[name] - 10

  print "gateway", gateway, device
  if (!nothing_left) print "wanted", wants + 0, digest + 0
  if (wants) for (i = 0; i < PROBES; i++) {
    prefix = want[(TURN + i) % wants + 1]
    read_prefix(prefix)
    name = network(high, low + (bits < 31), 32)
    print "probe", substr(name, 1, length(name) - 3), prefix
  }
}
'

# Prints the problems that are new and those that are gone.
# shellcheck disable=SC2016 # awk's dollars
compare='
BEGIN {
  while ((getline line < OLD) > 0) old[line] = 1
  while ((getline line < NEW) > 0) { new[line] = 1; if (!(line in old)) print "level=warn event=problem " line }
  close(OLD)
  while ((getline line < OLD) > 0) if (!(line in new)) print "level=info event=resolved " line
}'

log() { printf '%s\n' "$*"; }

fail() {
  printf 'level=error event=fatal %s\n' "$*" >&2
  exit 2
}

note_problem() { printf '%s\n' "$*" >>"$work/problems.new"; }

# The first line of what a command wrote to standard error, safe between double quotes.
last_error() {
  why=
  read -r why <"$work/error" || :
  why=${why%%\"*}
  printf '%s' "${why%%\\*}"
}

uptime_seconds() {
  read -r now _ </proc/uptime
  now=${now%%.*}
}

# Says that the loop turns: one line of fixed width over the old one in one write, so that a probe never sees half.
beat() {
  uptime_seconds
  printf '%-12s %-12s %-9s\n' "$now" "$looks" "$state" 1<>"$work/state"
}

check_settings() {
  value=
  for name in METRIC PROTOCOL INTERVAL MAX_ROUTES; do
    eval "value=\$NATPLAN_$name"
    case $value in
    '' | *[!0-9]* | 0* | ??????????*) fail "setting=NATPLAN_$name reason=not-a-number" ;;
    esac
  done
  # Below are the metrics of people, DHCP clients and NetworkManager: a mark there would not be distinctive.
  [ "$NATPLAN_METRIC" -ge 4096 ] || fail 'setting=NATPLAN_METRIC reason=below-4096'
  # The kernel, administrators, DHCP clients and routing daemons have these, and flush them.
  case $NATPLAN_PROTOCOL in
  [0-9] | 1[0-8] | 42 | 80 | 84 | 99 | 18[6-9] | 19[0-8]) fail 'setting=NATPLAN_PROTOCOL reason=taken' ;;
  esac
  [ "$NATPLAN_PROTOCOL" -le 255 ] || fail 'setting=NATPLAN_PROTOCOL reason=above-255'
  [ "$NATPLAN_INTERVAL" -le 3600 ] || fail 'setting=NATPLAN_INTERVAL reason=above-3600'
  [ "$NATPLAN_MAX_ROUTES" -le 16384 ] || fail 'setting=NATPLAN_MAX_ROUTES reason=above-16384'
  case $NATPLAN_MODE in run | cleanup) ;; *) fail 'setting=NATPLAN_MODE reason=unknown' ;; esac
}

# Gathers everything that a plan is made of in $work/seen, without the time that leases of addresses have left, and digests it: what is
# the same as the last time has the same sum. Without sha256sum in the image there is none. Fails, and keeps nothing, when the folder is full.
gather() {
  sum=''
  {
    ip -4 addr show >"$work/addresses"
    status=$?
    while read -r line; do
      case $line in valid_lft*) ;; *) printf '%s\n' "$line" ;; esac
    done <"$work/addresses"
    echo "@ $status"
    ip ${numeric:+-N} -4 route show table main
    echo "@ $?"
    # Whitespace stays whitespace, a comma ends a line, and a NUL, which some awk would take for the end, is not JSON.
    case $NATPLAN_MODE in
    run) tr '\n,\000' ' \n\001' <"$NATPLAN_ROUTES_FILE" ;;
    *) printf '[]' ;;
    esac
    echo "@ $?"
  } >"$work/seen" 2>"$work/error" || {
    : >"$work/seen"
    return 1
  }
  [ -z "$digests" ] || { sha256sum <"$work/seen" >"$work/sum" && read -r sum _ <"$work/sum"; } || sum=''
}

# Reports whether everything is as it was when the last plan was nothing to do and all was right: then there is still nothing to do.
rests() { [ "$state" = ready ] && [ -n "$sum" ] && [ "$sum" = "$planned" ] && take_probe; }

# Takes the next probe of the last plan. When all were asked it is time for another plan.
take_probe() {
  taken=$((taken + 1)) target='' target_prefix='' place=0
  [ "$taken" -lt "$probes" ] || return 1
  while read -r verb rest; do
    [ "$verb" = probe ] || continue
    [ "$place" -lt "$taken" ] || {
      target=${rest% *} target_prefix=${rest##* }
      break
    }
    place=$((place + 1))
  done <"$work/plan"
}

# Looks at the node and the list; sets actions, gateway, device, wanted and target, and leaves the plan in $work/plan.
survey() {
  : >"$work/problems.new"
  whole=1
  gather || whole=''
  if [ -n "$whole" ] && rests; then return 0; fi
  actions=0 gateway='' device='' wanted=0 wish='' target='' target_prefix='' notes='' planned='' taken=0
  {
    [ -n "$whole" ] &&
      awk -v "TURN=$turn" -v "PROBES=$probes" -v "STRANGERS=$work/strangers" "$planner" <"$work/seen" >"$work/plan"
  } || {
    note_problem 'problem=planner-failed'
    return 1
  }
  while read -r verb rest; do
    case $verb in
    add | remove) actions=$((actions + 1)) ;;
    problem)
      case $rest in *reason=unreadable | *=cannot-list) rest="$rest error=\"$(last_error)\"" ;; esac
      note_problem "$rest"
      ;;
    gateway) gateway=${rest% *} device=${rest##* } ;;
    wanted) wanted=${rest% *} wish="${rest##* } $gateway $device" ;;
    probe) [ -n "$target" ] || target=${rest% *} target_prefix=${rest##* } ;;
    note) notes="$notes$rest$newline" ;;
    fatal) fail "$rest" ;;
    esac
  done <"$work/plan"
  [ "$actions" -gt 0 ] || planned=$sum
}

# Does what the plan says: adds first, and removes the old route of a prefix only when its new one is in the kernel.
apply() {
  failures=0 failed=' ' strangers=0
  : >"$work/failures"
  while read -r verb prefix via dev flag; do
    case $verb in
    add)
      # shellcheck disable=SC2086 # the flag is one word or none
      ip -4 route append "$prefix" via "$via" dev "$dev" $flag proto "$NATPLAN_PROTOCOL" metric "$NATPLAN_METRIC" \
        2>"$work/error"
      ;;
    remove)
      case $failed in *" $prefix "*) continue ;; esac
      ip -4 route del "$prefix" via "$via" dev "$dev" proto "$NATPLAN_PROTOCOL" metric "$NATPLAN_METRIC" \
        2>"$work/error"
      ;;
    *) continue ;;
    esac
    # shellcheck disable=SC2181 # the status of whichever command ran
    if [ $? -eq 0 ]; then
      case $verb in add) verb=added ;; *) verb=removed ;; esac
      log "level=info event=$verb route=$prefix gateway=$via dev=$dev"
    elif [ "$verb" = remove ] && is_stranger; then
      printf '%s\n' "$prefix $via $dev" >>"$work/strangers"
      strangers=$((strangers + 1))
      [ "$strangers" -gt 10 ] || log "level=warn event=left route=$prefix gateway=$via dev=$dev reason=not-ours"
    else
      failed="$failed$prefix "
      printf 'problem=failed action=%s route=%s gateway=%s dev=%s error="%s"\n' \
        "$verb" "$prefix" "$via" "$dev" "$(last_error)" >>"$work/failures"
      failures=$((failures + 1))
      [ "$failures" -lt "$failures_per_look" ] || break
    fi
    beat
  done <"$work/plan"
  [ "$strangers" -le 10 ] || log "level=warn event=left more=$((strangers - 10)) reason=not-ours"
}

# Reports whether the kernel has no such route of our protocol. iproute2 has shown the protocol: there the route is gone meanwhile.
is_stranger() {
  [ -z "$numeric" ] || return 1
  case $(last_error) in *'No such process'*) ;; *) return 1 ;; esac
}

# Judges whether somebody else keeps changing the routes. A look is disturbed when routes must be changed although list, gateway
# and node are those of the last look that left everything right, or when what it has just changed is different again.
weigh() {
  [ -n "$wish" ] || return 0
  if [ -n "$disturbed" ]; then
    disturbances=$((disturbances + 1)) quiet=0
  else
    quiet=$((quiet + 1))
    [ "$quiet" -lt "$quiet_looks" ] || disturbances=0
  fi
  settled=none
  [ "$actions" -gt 0 ] || settled=$wish
  [ "$disturbances" -lt "$disturbed_looks" ] || overtaken=1
  [ -z "$overtaken" ] || note_problem "problem=unsettled reason=changed-by-others metric=$NATPLAN_METRIC"
}

# When all seems right, asks the kernel itself about one wanted route, for which rules and other tables count as well;
# about another one each time, but about one that fails until it does not.
probe() {
  [ -n "$target" ] || return 0
  ip -4 route get "$target" >"$work/answer" 2>"$work/error" || :
  answer=
  read -r answer <"$work/answer" || :
  case " $answer " in
  *" via $gateway dev $device "*) turn=$((turn + 1)) ;;
  *) note_problem "problem=ineffective route=$target_prefix answer=\"${answer%% src *}\"" ;;
  esac
}

# Logs what is new among the notes. A look that came to none, for the list or the gateway is missing, forgets none.
tell() {
  [ -n "$wish" ] || return 0
  rest=$notes
  while [ -n "$rest" ]; do
    case $newline$told in
    *"$newline${rest%%"$newline"*}$newline"*) ;;
    *) log "level=warn ${rest%%"$newline"*}" ;;
    esac
    rest=${rest#*"$newline"}
  done
  told=$notes
}

# Logs what is new or gone among the problems; at rest there are none and no process runs.
settle() {
  [ -s "$work/problems" ] || [ -s "$work/problems.new" ] || return 0
  awk -v "OLD=$work/problems" -v "NEW=$work/problems.new" "$compare"
  mv "$work/problems.new" "$work/problems"
}

# One look: repair what differs, look again, and say whether everything is right.
look() {
  verdict=ready disturbed='' overtaken=''
  survey || verdict=not-ready
  if [ "$actions" -gt 0 ]; then
    [ "$wish" != "$settled" ] || disturbed=1
    apply
    survey || verdict=not-ready
    if [ "$actions" -gt 0 ]; then
      if [ -s "$work/failures" ]; then
        while read -r line; do note_problem "$line"; done <"$work/failures"
      else
        disturbed=1 overtaken=1
      fi
    fi
  fi
  weigh
  [ -s "$work/problems.new" ] || probe
  [ ! -s "$work/problems.new" ] || verdict=not-ready
  settle
  tell
  if [ "$state" != "$verdict" ]; then
    state=$verdict
    case $state in
    ready) log "level=info event=ready routes=$wanted${gateway:+ gateway=$gateway dev=$device}" ;;
    *) log 'level=warn event=not-ready' ;;
    esac
  fi
  looks=$((looks + 1))
  beat
}

prepare() {
  check_settings
  work=$1 looks=0 turn=0 state=starting numeric='' digests='' planned='' taken=0 settled=none disturbances=0 quiet=0 told=''
  { mkdir -p "$work" && beat; } || fail 'setting=NATPLAN_STATE_DIR reason=not-writable'
  : >"$work/problems"
  : >"$work/strangers"
  # iproute2 can print protocols as numbers whatever names the image gives them; BusyBox has neither names nor -N.
  if ip -N -4 route show table main >/dev/null 2>&1; then numeric=1; fi
  if sha256sum </dev/null >/dev/null 2>&1; then digests=1; fi
}

stop() {
  [ -z "$sleeper" ] || kill "$sleeper" 2>/dev/null
  log 'level=info event=stopped routes=kept'
  exit 0
}

hurry() {
  woken=1
  [ -z "$sleeper" ] || kill "$sleeper" 2>/dev/null
}

run() {
  sleeper='' woken=
  trap stop TERM INT
  trap hurry HUP
  prepare "$NATPLAN_STATE_DIR"
  log "level=info event=started mode=$NATPLAN_MODE private-network=$NATPLAN_PRIVATE_NETWORK" \
    "metric=$NATPLAN_METRIC protocol=$NATPLAN_PROTOCOL interval=$NATPLAN_INTERVAL"
  while :; do
    woken=
    look
    # A shell hears a signal while it waits, not while a foreground sleep runs.
    sleep "$NATPLAN_INTERVAL" &
    sleeper=$!
    [ -n "$woken" ] || wait "$sleeper"
    [ -z "$woken" ] || kill "$sleeper" 2>/dev/null
    sleeper=
  done
}

# In a folder of its own: the loop may be at work, and the probes read what the loop wrote.
once() {
  trap 'rm -rf "$NATPLAN_STATE_DIR/once.$$"' EXIT
  prepare "$NATPLAN_STATE_DIR/once.$$"
  look
  [ "$state" = ready ]
}

# Reads the state that the loop left and reports whether it is young enough for a loop that turns.
turning() {
  last='' state=starting
  [ -r "$NATPLAN_STATE_DIR/state" ] && read -r last _ state <"$NATPLAN_STATE_DIR/state"
  uptime_seconds
  [ -n "$last" ] && [ "$now" -ge "$last" ] && [ $((now - last)) -le $((3 * NATPLAN_INTERVAL + 60)) ]
}

live() {
  turning || {
    echo 'the loop has stopped turning'
    return 1
  }
}

ready() {
  live || return 1
  [ "$state" != ready ] || return 0
  echo "$state"
  lines=0
  while [ "$lines" -lt 5 ] && read -r line; do
    echo "$line"
    lines=$((lines + 1))
  done <"$NATPLAN_STATE_DIR/problems"
  return 1
}

case ${1:-run} in
run | once | live | ready) "${1:-run}" ;;
*) fail "command=unknown use=run,once,ready,live" ;;
esac
