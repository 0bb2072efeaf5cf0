;;; test-sempre.el --- Tests of sempre.el -*- lexical-binding: t; -*-

;; emacs -Q --batch -L editors/emacs -l editors/emacs/test/test-sempre.el -f ert-run-tests-batch-and-exit
;; SEMPRE names the program for the test with a real session; without it that test is left out.

;;; Code:

(require 'ert)
(require 'sempre)

(defconst test-sempre-here (file-name-directory (or load-file-name buffer-file-name)))

(ert-deftest sempre-blocks ()
  "All editors agree on what a block is."
  (let ((cases (with-temp-buffer
                 (insert-file-contents (expand-file-name "../../blocks.json" test-sempre-here))
                 (json-parse-buffer :object-type 'plist :array-type 'list :null-object nil))))
    (should (> (length cases) 5))
    (dolist (case cases)
      (with-temp-buffer
        (insert (string-join (plist-get case :text) "\n"))
        (goto-char (point-min))
        (forward-line (1- (plist-get case :line)))
        (let ((block (sempre--block)))
          (should (equal (list (plist-get case :name)
                               (and block (list (line-number-at-pos (car block)) (line-number-at-pos (cdr block)))))
                         (list (plist-get case :name) (plist-get case :block)))))))))

(defun test-sempre-lit ()
  "The texts that are lit in this buffer."
  (sort (mapcar (lambda (one) (buffer-substring-no-properties (overlay-start one) (overlay-end one))) sempre--lit)
        #'string<))

(defun test-sempre-row (id from until &rest where)
  "A row of ID that sounds FROM seconds from now UNTIL then, at WHERE."
  (let ((now (float-time)))
    (list :id id :layer "a" :at (+ now from) :until (+ now until) :strength 1.0 :where where)))

(ert-deftest sempre-lights ()
  "What sounds is lit, where it has gone with what was edited, and goes out."
  (let ((file (make-temp-file "sempre" nil ".py" "a = play(s(\"bd sd\"))\n")))
    (with-current-buffer (find-file-noselect file)
      (unwind-protect
          (let ((bd (list file 1 13 2)) (sd (list file 1 16 2)))
            (sempre--hear (list :op "haps" :whole t :rows (list (test-sempre-row "1" -0.1 0.3 bd)
                                                                (test-sempre-row "2" 0.3 0.6 sd))))
            (should (equal (test-sempre-lit) '("bd")))
            (goto-char (point-min))
            (insert "b = 2\n\n")
            (forward-char 3)
            (insert "xyz")
            (sleep-for 0.4)
            (should (equal (test-sempre-lit) '("sd")))
            (sempre--hear (list :op "haps" :gone '("2")))
            (should-not (test-sempre-lit))
            (sempre--hear (list :op "haps" :rows (list (test-sempre-row "3" -0.1 5 bd))))
            (should (equal (test-sempre-lit) '("bd")))
            (sempre--hear (list :op "haps" :whole t))
            (should-not (test-sempre-lit)))
        (set-buffer-modified-p nil)
        (kill-buffer)
        (delete-file file)))))

(ert-deftest sempre-lines-cut-anywhere ()
  "What comes is put together to lines; what is no line of ours is passed over."
  (let (heard)
    (cl-letf (((symbol-function 'sempre--hear) (lambda (message) (push (plist-get message :op) heard))))
      (setq sempre--rest "")
      (dolist (part '("{\"op\": \"a\"}\n{\"o" "p\": \"b\"" "}\nrubbish\n\n{\"op\": \"c\"}\n"))
        (sempre--feed nil part)))
    (should (equal (reverse heard) '("a" "b" "c")))))

(defun test-sempre-wait (what true)
  "Wait until TRUE gives something; WHAT is said if it never does."
  (let ((until (+ (float-time) 15)) found)
    (while (and (not (setq found (funcall true))) (< (float-time) until))
      (accept-process-output nil 0.02))
    (unless found (ert-fail (list "never" what)))
    found))

(ert-deftest sempre-plays ()
  "A real session: it lights what sounds, and marks what is wrong."
  (skip-unless (getenv "SEMPRE"))
  (let* ((folder (make-temp-file "sempre" t))
         (file (expand-file-name "evening.py" folder))
         (sempre-command (split-string (getenv "SEMPRE") "\n")))
    (with-temp-file file (insert "drums = play(s(\"bd*4, ~ cp\"), on=osc(9))\n"))
    (with-current-buffer (find-file-noselect file)
      (sempre-mode)
      (unwind-protect
          (progn
            (sempre-start)
            (test-sempre-wait "lit" (lambda () (member "bd" (test-sempre-lit))))
            (goto-char (point-max))
            (insert "\nbass = play(note(\"c2 h2\"), on=osc(9))\n")
            (forward-line -1)
            (sempre-evaluate-block)
            (test-sempre-wait "marked" (lambda () sempre--problem))
            (should (equal (buffer-substring (overlay-start sempre--problem) (overlay-end sempre--problem)) "h2"))
            (goto-char (overlay-start sempre--problem))
            (delete-char 1)
            (insert "g")
            (sempre-evaluate-block)
            (test-sempre-wait "unmarked" (lambda () (not sempre--problem)))
            (test-sempre-wait "lit" (lambda () (member "g2" (test-sempre-lit))))
            (goto-char (point-min))
            (insert "# ")
            (sempre-evaluate-file)
            (test-sempre-wait "the drums ended" (lambda () (not (member "bd" (test-sempre-lit)))))
            (should (member "g2" (test-sempre-lit)))
            (should (buffer-modified-p))
            ;; Of a region whole lines are taken, and not the one at whose begin it ends.
            (goto-char (point-max))
            (insert "lead = play(note(\"a4\"), on=osc(9))\nwrong((\n")
            (forward-line -2)
            (let ((transient-mark-mode t) (line (point)))
              (push-mark (+ line 9) t t)
              (goto-char (+ line 3))
              (sempre-evaluate-block)
              (test-sempre-wait "lit" (lambda () (member "a4" (test-sempre-lit))))
              (goto-char (+ line 18))
              (delete-char 2)
              (insert "b5")
              (push-mark (+ line 5) t t)
              (goto-char line)
              (forward-line 1)
              (should (bolp))
              (sempre-evaluate-block)
              (test-sempre-wait "lit" (lambda () (member "b5" (test-sempre-lit))))
              (should-not sempre--problem)
              (push-mark (+ line 5) t t)
              (forward-char 1)
              (sempre-evaluate-block)
              (test-sempre-wait "marked" (lambda () sempre--problem))
              (deactivate-mark))
            (sempre-hush)
            (test-sempre-wait "dark" (lambda () (not (test-sempre-lit)))))
        (sempre-stop)
        (test-sempre-wait "end" (lambda () (not (process-live-p sempre--process))))
        (set-buffer-modified-p nil)
        (kill-buffer)
        (delete-directory folder t)))))

;;; test-sempre.el ends here
