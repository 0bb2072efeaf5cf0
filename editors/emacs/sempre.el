;;; sempre.el --- Live-code music with Sempre -*- lexical-binding: t; -*-

;; Author: The Sempre authors
;; Version: 0.1.0
;; Package-Requires: ((emacs "27.1"))
;; Keywords: multimedia, languages
;; SPDX-License-Identifier: GPL-3.0-or-later

;;; Commentary:

;; Evaluate what you write, see what sounds where it is written.  In a Python buffer:
;;
;;   (add-to-list 'load-path "…/editors/emacs")
;;   (require 'sempre)
;;   (add-hook 'python-mode-hook #'sempre-mode)
;;
;; C-c C-c evaluates the block around point, or the region, and starts the session if need be.
;; C-c C-l evaluates the file, C-c C-h ends all layers, C-c C-p ends all sound at once.
;; The session is spoken with by the lines that docs/protocol.md describes.

;;; Code:

(require 'cl-lib)
(require 'json)
(require 'subr-x)

(defgroup sempre nil "Live-code music with Sempre." :group 'multimedia)

(defcustom sempre-command '("sempre")
  "The program, with what comes before its arguments."
  :type '(repeat string))

(defcustom sempre-lights t
  "Whether what sounds is lit where it is written."
  :type 'boolean)

(defface sempre-lit '((((background dark)) :background "#806422") (t :background "#ffd98a"))
  "What sounds now.")

(defface sempre-lit-softly '((((background dark)) :background "#4a3c1c") (t :background "#fff0cf"))
  "What sounds now, but softly.")

(defface sempre-error '((t :inherit error :underline (:style wave)))
  "What an error tells of.")

(defvar sempre--process nil "The session's other end, while there is one.")
(defvar sempre--rest "" "What has come of a line that is not whole yet.")
(defvar sempre--asked (make-hash-table) "What is called with each answer, by number.")
(defvar sempre--count 0 "How many questions were asked.")
(defvar sempre--rows (make-hash-table :test 'equal) "What sounds or will, by id.")
(defvar sempre--timer nil "Draws again when something lights up or goes out.")
(defvar sempre--status "" "What the mode line says.")
(defvar-local sempre--anchors nil "Markers of the places that rows tell of, by place.")
(defvar-local sempre--lit nil "Overlays of what sounds.")
(defvar-local sempre--problem nil "The overlay of the last error.")

(defconst sempre--seen 0.08 "Seconds for which the shortest sound is shown.")
(defconst sempre--kept 1 "Seconds after its end for which a row is kept.")
(defconst sempre--frame 0.016 "Seconds between two drawings at least.")

;;; What is evaluated

(defun sempre--blank-p ()
  "Whether the line at point is blank."
  (looking-at-p "[ \t]*$"))

(defun sempre--goes-on-p ()
  "Whether the line at point goes on with the statement before it."
  (and (not (sempre--blank-p))
       (looking-at-p "[] \t)}]\\|\\(?:elif\\|else\\|except\\|finally\\)\\_>")))

(defun sempre--next (step)
  "Go to the next line in direction STEP that is not blank.
Give nil, and stay, if there is none."
  (let ((here (point)) found)
    (while (and (not found) (zerop (forward-line step)) (not (and (> step 0) (eobp) (bolp) (sempre--blank-p))))
      (setq found (not (sempre--blank-p))))
    (unless found (goto-char here))
    found))

(defun sempre--block ()
  "The block around point: where it begins and ends, or nil."
  (save-excursion
    (beginning-of-line)
    (when (or (not (sempre--blank-p))
              (and (save-excursion (and (sempre--next 1) (sempre--goes-on-p)))
                   (sempre--next -1)))
      (let ((start (point)) before)
        (while (and (setq before (save-excursion (and (sempre--next -1) (point))))
                    (or (sempre--goes-on-p)
                        (= before (save-excursion (forward-line -1) (point)))))
          (goto-char before))
        (let ((first (point)) after)
          (goto-char start)
          (while (setq after (save-excursion
                               (let ((here (point)))
                                 (and (sempre--next 1)
                                      (or (sempre--goes-on-p)
                                          (= (point) (save-excursion (goto-char here) (forward-line 1) (point))))
                                      (point)))))
            (goto-char after))
          (cons first (line-end-position)))))))

;;; The session

(defun sempre--tell (&rest message)
  "Say MESSAGE, a property list, which has no answer."
  (when (process-live-p sempre--process)
    (process-send-string sempre--process (concat (json-serialize message) "\n"))))

(defun sempre--ask (answered &rest message)
  "Say MESSAGE, a property list; call ANSWERED with what is answered."
  (if (not (process-live-p sempre--process))
      (funcall answered '(:op "result" :ok :false :text "there is no session"))
    (puthash (cl-incf sempre--count) answered sempre--asked)
    (apply #'sempre--tell :id sempre--count message)))

(defun sempre--feed (_process text)
  "Take TEXT, parts of lines that are cut anywhere."
  (let ((lines (split-string (concat sempre--rest text) "\n")))
    (setq sempre--rest (car (last lines)))
    (dolist (line (butlast lines))
      (unless (string-empty-p line)
        (condition-case nil
            (sempre--hear (json-parse-string line :object-type 'plist :array-type 'list :null-object nil
                                             :false-object nil))
          (json-parse-error nil))))))

(defun sempre--hear (message)
  "Take one MESSAGE of the session."
  (let* ((id (plist-get message :id))
         (answered (and (integerp id) (gethash id sempre--asked))))
    (if answered
        (progn (remhash id sempre--asked) (funcall answered message))
      (pcase (plist-get message :op)
        ("haps" (when sempre-lights (sempre--take message)))
        ("status"
         (setq sempre--status
               (format " %.1f %.0fbpm" (plist-get message :cycle) (plist-get message :bpm)))
         (force-mode-line-update t))
        ("message" (sempre--show message (equal (plist-get message :level) "error")))
        ((or "error" "bye") (sempre--show message nil))
        ("typed" (message "%s: %s" (plist-get message :who) (plist-get message :text)))))))

(defun sempre--show (message failed)
  "Show the text of MESSAGE, and if it FAILED mark the place that it tells of."
  (let ((text (plist-get message :text)) (at (plist-get message :at)))
    (unless (string-empty-p (or text "")) (message "%s" text))
    (when (and failed at)
      (when-let ((buffer (sempre--buffer (plist-get at :file))))
        (with-current-buffer buffer
          (sempre--forget-problem)
          (let* ((column (plist-get at :column))
                 (begin (sempre--position (plist-get at :line) (max column 1)))
                 (end (save-excursion
                        (goto-char begin)
                        (min (line-end-position)
                             (if (zerop column) (line-end-position) (+ begin (plist-get at :length)))))))
            (setq sempre--problem (make-overlay begin (max end begin)))
            (overlay-put sempre--problem 'face 'sempre-error)
            (overlay-put sempre--problem 'help-echo (plist-get at :text))))))))

(defun sempre--forget-problem ()
  "Take the mark of the last error away."
  (when sempre--problem
    (delete-overlay sempre--problem)
    (setq sempre--problem nil)))

(defun sempre--gone (process _event)
  "The session of PROCESS is over, or we have left it."
  (unless (process-live-p process)
    (let ((asked (hash-table-values sempre--asked)))
      (setq sempre--process nil sempre--status "")
      (clrhash sempre--asked)
      (clrhash sempre--rows)
      (sempre--draw)
      (dolist (answered asked)
        (funcall answered '(:op "result" :ok nil :text "the session has ended"))))))

(defun sempre-start ()
  "Play the file of this buffer, or join what plays."
  (interactive)
  (unless (process-live-p sempre--process)
    (unless buffer-file-name (user-error "Sempre: save the piece to a file first"))
    (when (buffer-modified-p) (save-buffer))
    (setq sempre--rest "")
    (setq sempre--process
          (make-process :name "sempre" :noquery t :connection-type 'pipe :coding 'utf-8-unix
                        :command (append sempre-command (list "talk" buffer-file-name))
                        :stderr (get-buffer-create " *sempre errors*")
                        :filter #'sempre--feed :sentinel #'sempre--gone))
    (sempre--tell :op "hello" :protocol 1 :client "Emacs")
    (sempre--tell :op "watch" :topics ["haps" "status" "messages" "typed"])))

;;; What sounds

(defun sempre--buffer (file)
  "The buffer that shows FILE, if there is one."
  (and file (find-buffer-visiting file)))

(defun sempre--position (line column)
  "The position of LINE and COLUMN, both from 1, in the current buffer."
  (save-excursion
    (save-restriction
      (widen)
      (goto-char (point-min))
      (forward-line (1- line))
      (min (line-end-position) (+ (point) (1- column))))))

(defun sempre--anchor (place)
  "The markers around PLACE: its file, line, column and length."
  (unless sempre--anchors (setq sempre--anchors (make-hash-table :test 'equal)))
  (let ((key (cdr place)))
    (or (gethash key sempre--anchors)
        (let* ((begin (sempre--position (nth 1 place) (nth 2 place)))
               (end (min (point-max) (+ begin (nth 3 place)))))
          (puthash key (cons (copy-marker begin t) (copy-marker end)) sempre--anchors)))))

(defun sempre--take (message)
  "Take MESSAGE, which tells what sounds and what no longer will."
  (when (plist-get message :whole) (clrhash sempre--rows))
  (dolist (id (plist-get message :gone)) (remhash id sempre--rows))
  (dolist (row (plist-get message :rows))
    (puthash (plist-get row :id) row sempre--rows)
    (dolist (place (plist-get row :where))
      (when-let ((buffer (sempre--buffer (car place))))
        (with-current-buffer buffer (sempre--anchor place)))))
  (sempre--draw))

(defun sempre--settled ()
  "This buffer was saved or evaluated: what comes is of its text now."
  (when sempre--anchors
    (maphash (lambda (_ pair) (set-marker (car pair) nil) (set-marker (cdr pair) nil)) sempre--anchors)
    (clrhash sempre--anchors))
  (sempre--forget-problem))

(defun sempre--draw ()
  "Show what sounds now, and come back when that changes."
  (let ((now (float-time)) (soon nil) (lit nil) (over nil))
    (maphash
     (lambda (id row)
       (let* ((at (plist-get row :at))
              (end (max (plist-get row :until) (+ at sempre--seen))))
         (cond ((< (+ end sempre--kept) now) (push id over))
               ((> at now) (setq soon (if soon (min soon at) at)))
               ((> end now)
                (setq soon (if soon (min soon end) end))
                (push row lit)))))
     sempre--rows)
    (dolist (id over) (remhash id sempre--rows))
    (dolist (buffer (buffer-list))
      (when (buffer-local-value 'sempre--lit buffer)
        (with-current-buffer buffer
          (mapc #'delete-overlay sempre--lit)
          (setq sempre--lit nil))))
    (dolist (row lit)
      (dolist (place (plist-get row :where))
        (when-let ((buffer (sempre--buffer (car place))))
          (with-current-buffer buffer
            (let ((pair (sempre--anchor place)))
              (when (< (car pair) (cdr pair))
                (let ((overlay (make-overlay (car pair) (cdr pair))))
                  (overlay-put overlay 'face
                               (if (< (plist-get row :strength) 0.5) 'sempre-lit-softly 'sempre-lit))
                  (push overlay sempre--lit))))))))
    (when sempre--timer (cancel-timer sempre--timer))
    (setq sempre--timer
          (and soon (run-at-time (max sempre--frame (- soon now)) nil #'sempre--draw)))))

;;; Commands

(defun sempre--evaluate (begin end &optional whole)
  "Evaluate the lines from BEGIN to END; WHOLE if they are all that there is."
  (sempre-start)
  (let* ((begin (save-excursion (goto-char begin) (line-beginning-position)))
         (text (buffer-substring-no-properties begin end))
         (buffer (current-buffer)))
    (sempre--ask
     (lambda (answer)
       (when (buffer-live-p buffer)
         (with-current-buffer buffer
           (if (eq (plist-get answer :ok) t) (sempre--settled) (sempre--forget-problem))
           (sempre--show answer (not (eq (plist-get answer :ok) t))))))
     :op "evaluate" :text text :file (expand-file-name buffer-file-name)
     :line (line-number-at-pos begin t) :whole (if whole t :false))))

(defun sempre-evaluate-block ()
  "Evaluate the region, or the block around point."
  (interactive)
  (if (use-region-p)
      (sempre--evaluate (region-beginning)
                        (save-excursion
                          (goto-char (region-end))
                          (if (bolp) (max (1- (point)) (region-beginning)) (line-end-position))))
    (when-let ((block (sempre--block)))
      (sempre--evaluate (car block) (cdr block)))))

(defun sempre-evaluate-file ()
  "Evaluate the whole buffer as it stands, saved or not."
  (interactive)
  (save-restriction
    (widen)
    (sempre--evaluate (point-min) (point-max) t)))

(defun sempre-command (name &rest arguments)
  "Do the command NAME, such as hush or mute, with ARGUMENTS."
  (sempre--ask (lambda (answer) (sempre--show answer (not (eq (plist-get answer :ok) t))))
               :op "command" :name name :arguments (vconcat arguments)))

(defun sempre-hush () "End all layers." (interactive) (sempre-command "hush"))
(defun sempre-mute (layer) "Mute LAYER." (interactive "sMute layer: ") (sempre-command "mute" layer))
(defun sempre-unmute (layer) "Unmute LAYER." (interactive "sUnmute layer: ") (sempre-command "unmute" layer))
(defun sempre-panic () "Sound off, now." (interactive) (sempre--tell :op "panic"))
(defun sempre-interrupt () "Interrupt what is being evaluated." (interactive) (sempre--tell :op "interrupt"))
(defun sempre-stop () "End the session." (interactive) (sempre--tell :op "stop"))

(defun sempre-leave ()
  "Leave the session; the music plays on."
  (interactive)
  (when (process-live-p sempre--process) (process-send-eof sempre--process)))

(defvar sempre-mode-map
  (let ((map (make-sparse-keymap)))
    (define-key map (kbd "C-c C-c") #'sempre-evaluate-block)
    (define-key map (kbd "C-c C-l") #'sempre-evaluate-file)
    (define-key map (kbd "C-c C-h") #'sempre-hush)
    (define-key map (kbd "C-c C-p") #'sempre-panic)
    (define-key map (kbd "C-c C-k") #'sempre-interrupt)
    map)
  "The keys of `sempre-mode'.")

;;;###autoload
(define-minor-mode sempre-mode
  "Evaluate what you write, see what sounds where it is written."
  :lighter (:eval (concat " Sempre" sempre--status))
  (if sempre-mode
      (add-hook 'after-save-hook #'sempre--settled nil t)
    (remove-hook 'after-save-hook #'sempre--settled t)
    (sempre--settled)))

(provide 'sempre)
;;; sempre.el ends here
