#include "textflag.h"

// func Lines(from unsafe.Pointer, size uintptr)
TEXT ·Lines(SB), NOSPLIT, $0-16
	MOVQ from+0(FP), AX
	MOVQ size+8(FP), CX
	ADDQ AX, CX
	ANDQ $~63, AX

line:
	PREFETCHT0 (AX)
	ADDQ $64, AX
	CMPQ AX, CX
	JCS  line
	RET
