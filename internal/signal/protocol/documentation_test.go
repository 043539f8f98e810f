package protocol

import (
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// example is a message as it stands in the documentation.
type example struct {
	Version string         `json:"jsonrpc"`
	ID      int            `json:"id"`
	Method  Method         `json:"method"`
	Params  jsontext.Value `json:"params"`
	Result  jsontext.Value `json:"result"`
	Error   jsontext.Value `json:"error"`
}

// Every example in the documentation is what the types make of it, and there is one of each message.
func TestDocumentation(t *testing.T) {
	var text []byte
	for _, name := range []string{"protocol.md", "protocol-meeting.md"} {
		part, err := os.ReadFile("../../../docs/" + name)
		if err != nil {
			t.Fatal(err)
		}
		text = append(text, part...)
	}
	requests, notifications := methods[Requests](t), methods[Notifications](t)
	asked := map[int]Method{} // requests by id
	seen := map[string]bool{}
	for _, block := range regexp.MustCompile("(?s)```json\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
		var e example
		if err := json.Unmarshal([]byte(block[1]), &e, json.RejectUnknownMembers(true)); err != nil || e.Version != "2.0" {
			t.Fatalf("%s: %v", block[1], err)
		}
		switch {
		case e.Error != nil:
			roundTrip(t, e.Error, reflect.TypeFor[Error]())
		case e.Result != nil:
			roundTrip(t, e.Result, requests[asked[e.ID]].Field(1).Type)
			seen["answer to "+string(asked[e.ID])] = true
		case e.ID != 0:
			asked[e.ID] = e.Method
			if e.Params != nil {
				roundTrip(t, e.Params, requests[e.Method].Field(0).Type)
			}
			seen["request "+string(e.Method)] = true
		default:
			roundTrip(t, e.Params, notifications[e.Method])
			seen["notification "+string(e.Method)] = true
		}
	}
	for method := range requests {
		if !seen["request "+string(method)] || !seen["answer to "+string(method)] {
			t.Errorf("%s has no example", method)
		}
	}
	for method := range notifications {
		if !seen["notification "+string(method)] {
			t.Errorf("%s has no example", method)
		}
	}
	for _, code := range codes() {
		if !strings.Contains(string(text), "`"+string(code)+"`") {
			t.Errorf("error %s is not explained", code)
		}
	}
}

// roundTrip fails unless a value in the documentation is the same after it went through its Go type.
func roundTrip(t *testing.T, documented jsontext.Value, shape reflect.Type) {
	t.Helper()
	value := reflect.New(shape)
	if err := json.Unmarshal(documented, value.Interface(), json.RejectUnknownMembers(true)); err != nil {
		t.Errorf("%s: %v", documented, err)
		return
	}
	encoded, err := json.Marshal(value.Interface())
	if err != nil {
		t.Errorf("%s: %v", documented, err)
		return
	}
	got := jsontext.Value(encoded)
	if err := got.Canonicalize(); err != nil {
		t.Fatal(err)
	}
	if err := documented.Canonicalize(); err != nil {
		t.Fatal(err)
	}
	if string(got) != string(documented) {
		t.Errorf("documented:\n%s\nfrom the type:\n%s", documented, got)
	}
}

// methods gives the methods of Requests or Notifications with the types of their fields.
func methods[T any](t *testing.T) map[Method]reflect.Type {
	names := map[string]Method{
		"Join": MethodJoin, "Check": MethodCheck,
		"Resume": MethodResume, "Leave": MethodLeave,
		"Rename": MethodRename, "Ping": MethodPing,
		"Connect": MethodConnect, "RestartICE": MethodRestartICE, "Produce": MethodProduce,
		"UpdateProducer": MethodUpdateProducer, "PauseProducer": MethodPauseProducer,
		"ResumeProducer": MethodResumeProducer, "CloseProducer": MethodCloseProducer, "Consume": MethodConsume,
		"ResumeConsumers": MethodResumeConsumers, "CloseConsumers": MethodCloseConsumers, "View": MethodView,
		"Downlink": MethodDownlink,
		"Hello":    MethodHello, "Delta": MethodDelta, "Speakers": MethodSpeakers, "Quality": MethodQuality,
		"ConsumersClosed": MethodConsumersClosed, "ConsumersChanged": MethodConsumersChanged, "Closed": MethodClosed,
		"ProducersWanted": MethodProducersWanted,
		"Peek":            MethodPeek, "Withdraw": MethodWithdraw, "Admit": MethodAdmit, "Refuse": MethodRefuse,
		"StopMedia": MethodStopMedia, "AskForMedia": MethodAskForMedia, "RenameParticipant": MethodRenameParticipant,
		"SetRole": MethodSetRole, "SetRights": MethodSetRights, "Remove": MethodRemove,
		"UpdateSettings": MethodUpdateSettings, "Panic": MethodPanic, "Restore": MethodRestore, "End": MethodEnd,
		"ReadLog": MethodReadLog, "ListBans": MethodListBans, "LiftBan": MethodLiftBan, "SendChat": MethodSendChat,
		"RetractChat": MethodRetractChat, "ReadChat": MethodReadChat, "RaiseHand": MethodRaiseHand,
		"LowerHands": MethodLowerHands, "React": MethodReact, "Invite": MethodInvite,
		"ListInvitations": MethodListInvitations, "RevokeInvitation": MethodRevokeInvitation,
		"ListRooms": MethodListRooms, "SaveRoom": MethodSaveRoom, "DeleteRoom": MethodDeleteRoom,
		"Lobby": MethodLobby, "Knocks": MethodKnocks, "You": MethodYou, "Asked": MethodAsked,
		"Moderated": MethodModerated, "Chat": MethodChat, "ChatRetracted": MethodChatRetracted,
		"Reactions": MethodReactions,
	}
	all := map[Method]reflect.Type{}
	for field := range reflect.TypeFor[T]().Fields() {
		method, known := names[field.Name]
		if !known {
			t.Fatalf("field %s has no method", field.Name)
		}
		all[method] = field.Type
	}
	return all
}

func codes() []ErrorCode {
	return []ErrorCode{
		ErrParse, ErrInvalidRequest, ErrUnknownMethod, ErrInvalidParams, ErrInternal, ErrTooLarge, ErrRateLimited,
		ErrNotJoined, ErrAlreadyJoined, ErrForbidden, ErrNotFound, ErrRoomFull, ErrServerFull, ErrInvalidName,
		ErrInvalidRoom, ErrResumeExpired, ErrReplaced, ErrShuttingDown, ErrSlowReader, ErrUnsupported, ErrTooManyTracks,
		ErrLoggedOut,
		ErrWaiting, ErrRefused, ErrLocked, ErrPasswordRequired, ErrWrongPassword, ErrTryLater, ErrInviteInvalid,
		ErrInviteInUse, ErrTokenInvalid, ErrLogInRequired, ErrInvalidText, ErrTooMany, ErrRemoved, ErrBanned,
		ErrEnded,
	}
}

func TestErrorNumbers(t *testing.T) {
	seen := map[int]int{}
	for _, code := range codes() {
		e := NewError(code)
		if e.Data.Code != code || e.Code != code.Number() || e.Message == "" || strings.Contains(e.Message, "_") {
			t.Errorf("%s gave %+v", code, e)
		}
		seen[e.Code]++
	}
	if len(seen) != 6 || seen[-32000] != len(codes())-5 {
		t.Errorf("the numbers are %v", seen)
	}
}
